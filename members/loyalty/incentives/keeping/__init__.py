"""Keep badges and quests: as facts change, as time passes, and from all members once a version."""
