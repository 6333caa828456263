"""What can be asked of what a member holds."""
