"""Writes of facts mark the members whose segments they may change, in the same transaction."""
