"""Pages of badges and quests."""
