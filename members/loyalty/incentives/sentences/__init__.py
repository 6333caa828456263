"""What pages say of badges and quests."""
