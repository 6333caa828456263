"""Parse a template of copy: Liquid of which only variables and conditions are left.

So nothing of a text is hidden from the wording check.

Allowed are {{ variable }} and the tags if, elsif, else, unless, case and when. There are no filters, no
assignments, no loops and no text within an output: whatever is sent stands in the template or is a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from liquid import BoundTemplate, Environment, StrictUndefined
from liquid.exceptions import LiquidError

from campaigns.review.copy.errors import CopyRefused, Refusal
from campaigns.review.copy.rendering.variables import Variable

_TAGS = ("if", "unless", "case")
_PARTS = _TAGS + ("elsif", "else", "when", "endif", "endunless", "endcase")
_MARK = re.compile(r"\{\{(?P<output>.*?)\}\}|\{%(?P<tag>.*?)%\}", re.DOTALL)
_OUTPUT = re.compile(r"\s*([a-z][a-z0-9_]*)\s*")
_TAG = re.compile(rf"\s*({'|'.join(_PARTS)})\b([^{{}}]*)", re.DOTALL)
_STRAY = re.compile(r"\{\{|\}\}|\{%|%\}|\x00")
MOST_NESTED = 4


class _Environment(Environment):
    """Liquid without what computes or reads."""

    output_stream_limit = 20_000
    block_nesting_limit = MOST_NESTED

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined)
        self.tags = {
            name: tag for name, tag in self.tags.items() if name in (*_TAGS, "content", "output", "illegal")
        }
        self.filters.clear()


_LIQUID = _Environment()


@dataclass(frozen=True)
class Piece:
    """A stretch of a template: literal `text`, or where the value of `variable` goes.

    `start` and `end` are its place in the template; `depth` counts the conditions that it stands under.
    """

    start: int
    end: int
    depth: int
    text: str = ""
    variable: str = ""


@dataclass(frozen=True)
class Template:
    """A parsed template; `uses` are all variables that it names."""

    source: str
    pieces: tuple[Piece, ...]
    uses: frozenset[str]

    def liquid(self) -> BoundTemplate:
        """The template as python-liquid renders it."""
        return _parsed(self.source)


def parse(source: str, declared: Mapping[str, Variable]) -> Template:
    """Raises CopyRefused with the line and column of what is not allowed."""
    pieces = tuple(_pieces(source))
    liquid = _parsed(source)
    uses = {}
    for name, places in liquid.analyze().variables.items():
        uses[name] = places[0].span.index
        if name not in declared or any(len(place.segments) > 1 for place in places):
            raise _refused(Refusal.UNDECLARED, source, uses[name], name=name)
    return Template(source, pieces, frozenset(uses))


@lru_cache(maxsize=512)
def _parsed(source: str) -> BoundTemplate:
    try:
        return _LIQUID.from_string(source)
    except LiquidError as error:
        place = getattr(error.token, "start_index", 0) if error.token else 0
        raise _refused(Refusal.SYNTAX, source, max(place, 0), detail=str(error.message)) from error


def _pieces(source: str) -> Iterator[Piece]:
    done, depth = 0, 0
    for mark in _MARK.finditer(source):
        yield from _literal(source, done, mark.start(), depth)
        done = mark.end()
        if mark["output"] is not None:
            name = _OUTPUT.fullmatch(mark["output"])
            if name is None:
                raise _refused(Refusal.EXPRESSION, source, mark.start(), found=mark[0])
            yield Piece(mark.start(), done, depth, variable=name[1])
            continue
        tag = _TAG.fullmatch(mark["tag"])
        if tag is None or "|" in tag[2]:
            raise _refused(Refusal.EXPRESSION, source, mark.start(), found=mark[0])
        depth += 1 if tag[1] in _TAGS else -1 if tag[1].startswith("end") else 0
    yield from _literal(source, done, len(source), depth)


def _literal(source: str, start: int, end: int, depth: int) -> Iterator[Piece]:
    if stray := _STRAY.search(source, start, end):
        raise _refused(Refusal.BAD_SIGN, source, stray.start())
    if start < end:
        yield Piece(start, end, depth, text=source[start:end])


def _refused(code: Refusal, source: str, place: int, **params: str) -> CopyRefused:
    before = source[:place]
    return CopyRefused(
        code, line=before.count("\n") + 1, column=place - (before.rfind("\n") + 1) + 1, **params
    )
