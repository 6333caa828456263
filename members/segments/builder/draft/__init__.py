"""A rule while it is edited: read from the form or from JSON, changed step by step, written as JSON."""
