"""What pages say of segments."""
