"""The points ledger: one function a verb, each one call of the database's function of that name."""
