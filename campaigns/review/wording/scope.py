"""Whether words that break a rule are meant: negated, warned against, asked about, or said in earnest.

A window of words before a trigger is not enough. “不仅保本” keeps the promise, “不保证收益，但绝对不会亏”
makes one after all, “谁说理财不能保本” means that it can. The words are in packs/scope.toml.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from campaigns.review.wording.patterns import Pattern, spans

# Each begins with one class of signs: a search passes over all others at once.
_CLAUSE = re.compile(
    "[。！？；：，!?;:,\n.—…](?:(?<=[。！？；：，!?;:,\n])|(?<=[.])(?:(?=\\s|$)|\\.\\.)|(?<=[—…])[—…]?)"  # noqa: RUF001
)
_SENTENCE = re.compile("[。！？!?\n；;.](?:(?<=[^.])|(?=\\s|$))")  # noqa: RUF001
_WORDS = tomllib.loads((Path(__file__).parent.parent / "packs" / "scope.toml").read_text(encoding="utf-8"))
_CONTRAST, _KEPT, _STRONG, _WEAK, _AFTER, _ASKED, _HOOK, _OURSELVES = (
    re.compile("|".join(_WORDS[name]))
    for name in ("contrast", "kept", "strong", "weak", "after", "asked", "hook", "ourselves")
)
_NEAR = re.compile(f"(?:{'|'.join(_WORDS['near'])})*")

_Spans = tuple[list[int], list[int]]  # where they start, where they end


@dataclass(frozen=True)
class Scope:
    """The clause and the sentence around a stretch of a text, as bounds."""

    clause: tuple[int, int]
    sentence: tuple[int, int]


class Bounds:
    """Where the clauses and the sentences of a text end."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._clauses = _spans(_CLAUSE, text)
        self._sentences = _spans(_SENTENCE, text)

    def scope(self, start: int, end: int) -> Scope:
        """Clause and sentence around a stretch."""
        return Scope(self._around(self._clauses, start, end), self._around(self._sentences, start, end))

    def _around(self, ends: _Spans, start: int, end: int) -> tuple[int, int]:
        starts, stops = ends
        before, after = bisect_right(stops, start), bisect_left(starts, end)
        return stops[before - 1] if before else 0, starts[after] if after < len(starts) else len(self.text)


def _spans(pattern: re.Pattern[str], text: str) -> _Spans:
    found = list(pattern.finditer(text))
    return [one.start() for one in found], [one.end() for one in found]


def is_meant(text: str, start: int, end: int, scope: Scope, warnings: Sequence[Pattern]) -> bool:
    """Whether what stands there is said in earnest; `warnings` would make the sentence a warning."""
    before = text[scope.clause[0] : start]
    contrasts = list(_CONTRAST.finditer(before))
    if contrasts:
        before = before[contrasts[-1].end() :]
    if _is_negated(before):
        return False
    if _AFTER.match(text, end, min(len(text), end + 40)):
        return False
    return not _is_asked(text, scope) and not _is_warned(text, start, scope, warnings)


def _is_negated(before: str) -> bool:
    kept = [found.span() for found in _KEPT.finditer(before)]
    if kept and len(before) - kept[-1][1] <= 16:
        return False
    for found in _STRONG.finditer(before):
        if not any(begin <= found.start() < stop for begin, stop in kept):
            return True
    weak = [found.end() for found in _WEAK.finditer(before)]
    return bool(weak and _NEAR.fullmatch(before, weak[-1]))


def _is_warned(text: str, start: int, scope: Scope, warnings: Sequence[Pattern]) -> bool:
    first, last = scope.sentence
    inside = [begin for pattern in warnings for begin, _end in spans(pattern, text, first, last)]
    if not inside:
        return False
    # “别家的保本是骗局，我们的才是真保本”: what is said of oneself is said in earnest.
    turn = [found.end() for found in _CONTRAST.finditer(text, first, start)]
    turn += [found.end() for found in _OURSELVES.finditer(text, first, start)]
    return not turn or max(inside) >= max(turn)


def _is_asked(text: str, scope: Scope) -> bool:
    first, last = scope.sentence
    if text[last : last + 1] not in ("?", "？"):  # noqa: RUF001
        return False
    clause = text[scope.clause[0] : scope.clause[1]]
    return bool(_ASKED.search(clause)) and not _HOOK.search(text, first, last)
