"""How the tests run: their server and databases, the order of a run, what is put back after each test."""
