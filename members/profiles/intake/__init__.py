"""The kinds of file that fill this app's tables."""
