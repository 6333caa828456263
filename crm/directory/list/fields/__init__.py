"""What members are filtered and sorted by, and what columns show: each told once, for all that read it."""
