"""Reasons to call a member: sources that apps register, and one list of calls made of all of them."""
