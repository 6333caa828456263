"""The kinds of file that fill this app's tables. Reasons and headings come first."""

from members.profiles.intake import headings, reasons

__all__ = ["headings", "reasons"]
