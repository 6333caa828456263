"""What changed between two texts, as a reader would say it: in words and phrases, not in letters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

# What is compared as one: a Liquid tag, a word, a number with its signs, blanks; else each character alone.
_TOKEN = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|[A-Za-z]+|[0-9][0-9.,]*[%％]?|\s+|.", re.DOTALL)
SAME, GONE, NEW = "same", "gone", "new"
_BRIDGE = 3  # unchanged tokens between two changes that a reader takes for one change, at most
SHOWN = 18  # characters of an unchanged stretch that are left beside a change
LONGEST = 20_000  # tokens of both texts from which on frequent ones no longer anchor a comparison


@dataclass(frozen=True)
class Change:
    """A stretch of text: `kind` is SAME, GONE (only in the old one) or NEW."""

    kind: str
    text: str


def difference(old: str, new: str) -> list[Change]:
    """How the old text became the new one. Without GONE it reads as the new text, without NEW as the old."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=len(before) + len(after) > LONGEST)
    found: list[tuple[list[str], list[str], bool]] = []
    for tag, first, last, begin, end in matcher.get_opcodes():
        found.append((before[first:last], after[begin:end], tag == "equal"))
    return list(_told(_joined(found)))


def shortened(changes: list[Change], shown: int = SHOWN) -> list[Change]:
    """The same, with what is unchanged cut to what stands beside a change."""
    last = len(changes) - 1
    return [
        replace(one, text=_cut(one.text, shown, is_first=place == 0, is_last=place == last))
        if one.kind == SAME
        else one
        for place, one in enumerate(changes)
    ]


def _joined(runs: list[tuple[list[str], list[str], bool]]) -> list[tuple[list[str], list[str], bool]]:
    """Runs with a short unchanged one between two changes made part of them."""
    found: list[tuple[list[str], list[str], bool]] = []
    for place, (gone, new, is_same) in enumerate(runs):
        between = 0 < place < len(runs) - 1 and is_same and len(gone) <= _BRIDGE
        if found and not found[-1][2] and (not is_same or between):
            before, after, _ = found[-1]
            found[-1] = (before + gone, after + new, False)
        else:
            found.append((list(gone), list(new), is_same))
    return found


def _told(runs: list[tuple[list[str], list[str], bool]]) -> Iterator[Change]:
    for gone, new, is_same in runs:
        if is_same:
            yield Change(SAME, "".join(new))
            continue
        if gone:
            yield Change(GONE, "".join(gone))
        if new:
            yield Change(NEW, "".join(new))


def _cut(text: str, shown: int, *, is_first: bool, is_last: bool) -> str:
    if is_first and len(text) > shown:
        return f"……{text[-shown:]}"
    if is_last and len(text) > shown:
        return f"{text[:shown]}……"
    if len(text) > 2 * shown:
        return f"{text[:shown]}……{text[-shown:]}"
    return text
