"""The kinds of file that fill this app's tables. Their reasons, headings and words are published first."""

from members.portfolio.imports import headings, words
from members.portfolio.imports.kinds import publish

__all__ = ["headings", "publish", "words"]
