"""The frame around every page: rail, search box, and what a reader chooses for himself."""
