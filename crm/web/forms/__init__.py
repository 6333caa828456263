"""How forms are rendered."""
