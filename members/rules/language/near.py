"""What somebody may have meant by a name that there is not, and how a wrong value is told."""

from __future__ import annotations

import json
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

_SHOWN, _LISTED = 40, 20


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
    """The name most like `name`, however little; empty where nothing is like it."""
    if not isinstance(name, str):
        return ""
    found = get_close_matches(name[:100].lower(), list(names), n=1, cutoff=0.6)
    return found[0] if found else ""


def listed(names: Iterable[str], name: Any = "") -> str:
    """What would be right, the most like first where there are more than can be told."""
    known = list(names)
    if len(known) <= _LISTED:
        return ", ".join(known)
    near = get_close_matches(str(name)[:100], known, n=_LISTED, cutoff=0.0 if len(known) < 2_000 else 0.5)
    return ", ".join([*near, "…"])
