"""The kinds of file that fill this app's tables. Reasons, headings, words and examples come first."""

from members.portfolio.imports import examples, headings, words
from members.portfolio.imports.kinds import publish

__all__ = ["examples", "headings", "publish", "words"]
