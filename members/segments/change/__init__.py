"""Create, edit, delete and restore segments, and upload their lists."""
