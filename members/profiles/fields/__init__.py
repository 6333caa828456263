"""What can be asked of a member as such: who it is, where it came from, who looks after it."""
