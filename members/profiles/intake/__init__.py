"""The kinds of file that fill this app's tables. Their reasons are published first: the kinds name them."""

from members.profiles.intake import reasons

__all__ = ["reasons"]
