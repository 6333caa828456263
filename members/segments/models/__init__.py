"""Segments, who is in them, and what is left to evaluate."""

from members.segments.models.keeping import Dirty, Due, Read, Summary, Tally
from members.segments.models.membership import Membership
from members.segments.models.segment import Kind, Reference, Segment, Version

__all__ = [
    "Dirty",
    "Due",
    "Kind",
    "Membership",
    "Read",
    "Reference",
    "Segment",
    "Summary",
    "Tally",
    "Version",
]
