"""How many members a rule matches, and some of them."""
