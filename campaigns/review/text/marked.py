"""A text cut into pieces for the page: which findings lie on each, where their numbers stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from campaigns.review.wording.packs import Severity

LIQUID = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_WEIGHT = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True)
class Mark:
    """One finding on a text: its number on the page, its span in code points, `end` exclusive."""

    number: int
    severity: str
    start: int
    end: int


@dataclass(frozen=True)
class Piece:
    """A stretch of the text on which the same findings lie; `severity` is the heaviest, empty without any.

    `number` is that of the heaviest finding, where a click leads. `ends` are the findings that end here:
    their numbers stand behind it.
    """

    text: str
    severity: str = ""
    number: int = 0
    ends: tuple[Mark, ...] = ()
    is_liquid: bool = False


def pieces(text: str, marks: Iterable[Mark]) -> list[Piece]:
    """The text in pieces, in order; joined, their texts are the text. Marks outside of it are left out."""
    inside = [one for one in marks if 0 <= one.start < one.end <= len(text)]
    liquid = [found.span() for found in LIQUID.finditer(text)]
    edges = {0, len(text)} | {edge for one in inside for edge in (one.start, one.end)}
    edges |= {edge for span in liquid for edge in span}
    return list(_cut(text, sorted(edges), inside, liquid))


def _cut(
    text: str, edges: Sequence[int], marks: Sequence[Mark], liquid: Sequence[tuple[int, int]]
) -> Iterator[Piece]:
    for start, end in zip(edges, edges[1:], strict=False):
        here = [one for one in marks if one.start <= start and end <= one.end]
        heaviest = max(here, key=lambda one: (_WEIGHT[Severity(one.severity)], -one.number), default=None)
        yield Piece(
            text[start:end],
            heaviest.severity if heaviest else "",
            heaviest.number if heaviest else 0,
            tuple(one for one in here if one.end == end),
            any(first <= start and end <= last for first, last in liquid),
        )
