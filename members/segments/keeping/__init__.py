"""Keep who is in each segment up to date: as facts change, as time passes, and from all members once."""
