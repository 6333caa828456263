"""The kinds of file that fill this app's tables. Reasons, headings and words come first."""

from members.profiles.imports import headings, row_errors, words

__all__ = ["headings", "row_errors", "words"]
