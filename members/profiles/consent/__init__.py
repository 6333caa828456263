"""Consent of members by purpose and channel, and the addresses that are not contacted any more.

The words of its files come before the kind of file that is made of them.
"""

from members.profiles.consent import file_words

__all__ = ["file_words"]
