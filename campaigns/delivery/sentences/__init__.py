"""Verdicts and messages in words."""
