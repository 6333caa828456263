"""What somebody may have meant by a name that there is not, and how a wrong value is told."""

from __future__ import annotations

import json
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Any

_SHOWN, _LISTED = 40, 20
_LIKE = 0.6  # of 1, as difflib counts it


def shown(value: Any) -> str:
    """A wrong value in a message: short, however long or deep it is."""
    if isinstance(value, dict):
        return "{…}" if value else "{}"
    if isinstance(value, list | tuple):
        return "[…]" if value else "[]"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**_SHOWN:
        return "…"
    if isinstance(value, str):
        text = "".join(sign if sign.isprintable() else "\ufffd" for sign in value[: _SHOWN + 1])
    else:
        text = json.dumps(value) if value is None or isinstance(value, bool) else str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def nearest(name: Any, names: Iterable[str]) -> str:
    """The name most like `name`, the first by alphabet of several; empty where nothing is like it."""
    return next(iter(_near(name, names)), "")


def listed(names: Iterable[str], name: Any = "") -> str:
    """What would be right: what is like `name`, the most like first, then the others by alphabet."""
    known = sorted(names)
    told = list(dict.fromkeys([*_near(name, known), *known]))
    return ", ".join(told if len(told) <= _LISTED else [*told[:_LISTED], "…"])


def _near(name: Any, names: Iterable[str]) -> list[str]:
    """The names that are like `name`, the most like first, those alike by alphabet."""
    if not isinstance(name, str):
        return []
    matcher, found = SequenceMatcher(b=name[:100].lower()), []
    for one in names:
        matcher.set_seq1(one[:100].lower())
        # Each of these takes longer than the one before, and is never above it.
        ratios = (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)
        if all(ratio() >= _LIKE for ratio in ratios):
            found.append((-matcher.ratio(), one))
    return [one for _ratio, one in sorted(found)]
