"""The kinds of file that fill this app's tables. Their reasons and headings are published first."""

from members.portfolio.imports import headings
from members.portfolio.imports.kinds import publish

__all__ = ["headings", "publish"]
