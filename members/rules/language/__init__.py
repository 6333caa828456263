"""The rule language: JSON in, a tree out, or an error with its path."""
