"""Counts that open what they count: one link with a bar for each, as wide as its share of the largest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm.web.components import Text

FULL = 100


@dataclass(frozen=True)
class Count:
    """One count; `width` is of FULL, `address` the list of what is counted."""

    label: Text
    value: int
    address: str
    width: float


def counts(rows: Sequence[tuple[Text, int, str]]) -> tuple[Count, ...] | None:
    """A count for each (label, number, address), in the order given. None without rows.

    They are links with words beside a bar, no drawing: links within an image cannot be reached by all, and
    at the width of a phone not hit.
    """
    if not rows:
        return None
    most = max(1, *(value for _label, value, _address in rows))
    return tuple(
        Count(label, value, address, round(FULL * value / most, 1)) for label, value, address in rows
    )
