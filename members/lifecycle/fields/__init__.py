"""What can be asked of where a member stands."""
