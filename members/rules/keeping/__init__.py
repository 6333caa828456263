"""Answers of rules that are stored and kept up to date: writes of facts mark the members concerned."""
