"""The kinds of file that fill this app's tables. Reasons, headings, words and examples come first."""

from members.profiles.imports import examples, headings, row_errors, words

__all__ = ["examples", "headings", "row_errors", "words"]
