"""Earn rules at work: facts mark their members, and a drain gives and takes back."""
