"""Rules and what is wrong with them, in words of the active language."""

from members.rules.sentences.rule import Line, parts, sentence

__all__ = ["Line", "parts", "sentence"]
