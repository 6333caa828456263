"""Whether words that break a rule are meant: negated, warned against, asked about, or said in earnest.

A window of words before a trigger is not enough. “不仅保本” keeps the promise, “不保证收益，但绝对不会亏”
makes one after all, “谁说理财不能保本” means that it can. The words are in packs/scope.toml.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_CLAUSE = re.compile("[。！？；：，!?;:,\n]|\\.(?=\\s|$)|[—…]{1,2}|\\.{3}")  # noqa: RUF001
_SENTENCE = re.compile("[。！？!?\n；;]|\\.(?=\\s|$)")  # noqa: RUF001
_WORDS = tomllib.loads((Path(__file__).parent.parent / "packs" / "scope.toml").read_text(encoding="utf-8"))
_CONTRAST, _KEPT, _STRONG, _WEAK, _AFTER, _ASKED, _HOOK, _OURSELVES = (
    re.compile("|".join(_WORDS[name]))
    for name in ("contrast", "kept", "strong", "weak", "after", "asked", "hook", "ourselves")
)
_NEAR = re.compile(f"(?:{'|'.join(_WORDS['near'])})*")


@dataclass(frozen=True)
class Scope:
    """The clause and the sentence around a stretch of a text, as bounds."""

    clause: tuple[int, int]
    sentence: tuple[int, int]


def scope_of(text: str, start: int, end: int) -> Scope:
    """Where clause and sentence of a stretch begin and end."""
    return Scope(_bounds(_CLAUSE, text, start, end), _bounds(_SENTENCE, text, start, end))


def _bounds(ends: re.Pattern[str], text: str, start: int, end: int) -> tuple[int, int]:
    begin = 0
    for found in ends.finditer(text, max(0, start - 120), start):
        begin = found.end()
    after = ends.search(text, end)
    return max(begin, start - 120), (after.start() if after else len(text))


def is_meant(text: str, start: int, end: int, scope: Scope, warnings: Sequence[tuple[int, int]]) -> bool:
    """Whether what stands there is said in earnest; `warnings` are the spans of the text's warning words."""
    before = text[scope.clause[0] : start]
    contrasts = list(_CONTRAST.finditer(before))
    if contrasts:
        before = before[contrasts[-1].end() :]
    if _is_negated(before):
        return False
    if _AFTER.match(text, end, min(len(text), end + 40)):
        return False
    if _is_warned(text, start, scope, warnings):
        return False
    return not _is_asked(text, start, scope)


def _is_negated(before: str) -> bool:
    kept = [found.span() for found in _KEPT.finditer(before)]
    if kept and len(before) - kept[-1][1] <= 16:
        return False
    for found in _STRONG.finditer(before):
        if not any(begin <= found.start() < stop for begin, stop in kept):
            return True
    weak = [found.end() for found in _WEAK.finditer(before)]
    return bool(weak and _NEAR.fullmatch(before, weak[-1]))


def _is_warned(text: str, start: int, scope: Scope, warnings: Sequence[tuple[int, int]]) -> bool:
    first, last = scope.sentence
    inside = [begin for begin, stop in warnings if first <= begin and stop <= last]
    if not inside:
        return False
    # “别家的保本是骗局，我们的才是真保本”: what is said of oneself is said in earnest.
    turn = [found.end() for found in _CONTRAST.finditer(text, first, start)]
    turn += [found.end() for found in _OURSELVES.finditer(text, first, start)]
    return not turn or max(inside) >= max(turn)


def _is_asked(text: str, start: int, scope: Scope) -> bool:
    first, last = scope.sentence
    if text[last : last + 1] not in ("?", "？"):  # noqa: RUF001
        return False
    question = text[first:last]
    return bool(_ASKED.search(question)) and not _HOOK.search(question)
