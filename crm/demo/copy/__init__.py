"""Copy of the demonstration: thirty pieces in both languages, and the life that each has had in review."""
