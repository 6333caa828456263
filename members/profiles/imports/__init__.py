"""The kinds of file that fill this app's tables. Reasons and headings come first."""

from members.profiles.imports import headings, row_errors

__all__ = ["headings", "row_errors"]
