"""Changes of stage on home: the latest, the expected, and how many of each kind."""
