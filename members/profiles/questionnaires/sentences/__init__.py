"""What questionnaires say about themselves, in words."""
