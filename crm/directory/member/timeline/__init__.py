"""The timeline of a member: read from all sources, folded by day and kind."""
