"""What home is made of: a sentence, figures, blocks of lines or tables, and one thing to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import TypeVar

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from crm.web import formats
from crm.web.components import Text

T = TypeVar("T")
READ = 60  # rows looked at; more are counted as 60+
SHOWN = 8
StageAndSub = tuple[str | None, str | None]


@dataclass(frozen=True)
class Link:
    """A link with its label."""

    label: Text
    address: str


@dataclass(frozen=True)
class Figure:
    """A number with its words; `tone` is good, bad or empty."""

    label: Text
    value: str
    address: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Line:
    """One row of a block: who or what, since when, and why in a sentence."""

    name: Text
    address: str = ""
    why: Text = ""
    at: datetime | date | None = None
    stage: StageAndSub | None = None
    before: StageAndSub | None = None
    tag: Text = ""
    tags: Sequence[Text] = ()
    tone: str = "warn"
    amount: str = ""


@dataclass(frozen=True)
class Cell:
    """One cell of a table; a number ends at the edge."""

    text: str
    address: str = ""
    number: bool = True


@dataclass(frozen=True)
class Table:
    """A small table; the first cell of a row names it."""

    heads: Sequence[Text]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class Block:
    """One part of home: lines or a table, their order, where to read on, what to say where nothing is."""

    title: Text
    lines: Sequence[Line] = ()
    table: Table | None = None
    more: Link | None = None
    empty: Text = ""
    note: Text = ""

    @property
    def is_empty(self) -> bool:
        return not self.lines and not (self.table and self.table.rows)


@dataclass(frozen=True)
class Today:
    """Home for one person. `sentence` is the answer, `action` the one thing to do about it; `notices` are
    what everybody should know.
    """

    sentence: str
    figures: Sequence[Figure] = ()
    blocks: Sequence[Block] = field(default_factory=tuple)
    action: Link | None = None
    notices: Sequence[Link] = ()


def shown(rows: Iterable[T]) -> list[T]:
    """Those that a block has room for."""
    return list(islice(rows, SHOWN))


def counted(count: int, most: int | None = None) -> str:
    """A number as text, with a + where counting ended at `most`."""
    text = formats.number(count)
    return f"{text}+" if most is not None and count >= most else text


def told(parts: Sequence[str], otherwise: str) -> str:
    """Parts as one sentence; what to say where there are none."""
    if not parts:
        return otherwise
    text = _("; ").join(parts)
    return _("%(text)s.") % {"text": text[:1].upper() + text[1:]}


def link(label: Text, name: str, query: str = "") -> Link | None:
    """A link to a page by its name; none where this installation has no such page."""
    try:
        return Link(label, reverse(name) + query)
    except NoReverseMatch:
        return None


def plain(value: str) -> str:
    """A word of a job or file, shortened so that a line stays a line."""
    return value if len(value) <= 120 else f"{value[:119]}…"
