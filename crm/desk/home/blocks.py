"""The building blocks of home: a sentence, figures, blocks of items or tables, and one action."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any, TypeVar

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from crm.directory.list.rows import Row
from crm.web import formats
from crm.web.components import Text

T = TypeVar("T")
READ = 60  # rows read at the most; more are counted as 60+
SHOWN = 8  # rows of a block
FIRST_CALLS = 10
StageAndSub = tuple[str | None, str | None]


@dataclass(frozen=True)
class Link:
    """A link with its label."""

    label: Text
    address: str


@dataclass(frozen=True)
class Figure:
    """A number with its label; `tone` is a stage, or empty."""

    label: Text
    value: Text
    address: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Item:
    """One row of a block: who or what, when, and why in a sentence; `note` tells it from its namesakes."""

    name: Text
    address: str = ""
    why: Text = ""
    at: datetime | date | None = None
    stage: StageAndSub | None = None
    before: StageAndSub | None = None
    tag: Text = ""
    tags: Sequence[Text] = ()
    tone: str = "warn"
    amount: Text = ""
    note: Text = ""


@dataclass(frozen=True)
class Cell:
    """One cell of a table; a `number` aligns right."""

    text: Text
    address: str = ""
    number: bool = True


@dataclass(frozen=True)
class Table:
    """A small table; the first cell of a row names it."""

    heads: Sequence[Text]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class Drawing:
    """A chart of a block: its template, what is drawn there, an id of the page and the unit."""

    template: str
    chart: Any
    id: str
    unit: str = "number"


@dataclass(frozen=True)
class Block:
    """One part of home: items, a table, a chart or figures; a note, a link to all, a text for none."""

    title: Text
    lines: Sequence[Item] = ()
    table: Table | None = None
    drawing: Drawing | None = None
    figures: Sequence[Figure] = ()
    more: Link | None = None
    empty: Text = ""
    note: Text = ""

    @property
    def is_empty(self) -> bool:
        return not (self.lines or self.figures or self.drawing or (self.table and self.table.rows))


@dataclass(frozen=True)
class CallRow:
    """A member to call: its `place` in the order, the `reasons` in words, value at stake × urgency.

    `note` tells the member from namesakes.
    """

    place: int
    member: Row
    reasons: Sequence[tuple[Text, Text]]  # kind of reason, why
    is_new: bool
    stake: Decimal
    urgency: Decimal
    note: Text


@dataclass(frozen=True)
class Calls:
    """The first members to call, of how many (`total`); `bases` say how they are placed."""

    rows: Sequence[CallRow]
    total: int
    bases: Sequence[Text]

    urgent: Decimal  # from this urgency on, what is new comes first

    @property
    def first(self) -> Sequence[CallRow]:
        """The rows that the page begins with."""
        return self.rows[:FIRST_CALLS]


@dataclass(frozen=True)
class Home:
    """Home of one person: a `sentence` on how things are, the next `action`, `notices` for everybody.

    The page shows `first`, then `calls`, members to call in order, then the `blocks`; `is_search`: it begins
    with the search.
    """

    sentence: str
    figures: Sequence[Figure] = ()
    blocks: Sequence[Block] = field(default_factory=tuple)
    action: Link | None = None
    notices: Sequence[Link] = ()
    first: Block | None = None
    calls: Calls | None = None
    is_search: bool = False


def first_rows(rows: Iterable[T]) -> list[T]:
    """The rows that a block has room for."""
    return list(islice(rows, SHOWN))


def capped(count: int, most: int | None = None) -> str:
    """A number as text, with a + where counting ended at `most`."""
    text = formats.number(count)
    return f"{text}+" if most is not None and count >= most else text


def to_sentence(parts: Sequence[str], default: str) -> str:
    """Parts joined to one sentence; the default where there are none."""
    if not parts:
        return default
    text = _("; ").join(parts)
    return _("%(text)s.") % {"text": text[:1].upper() + text[1:]}


def link_to(label: Text, name: str, query: str = "") -> Link | None:
    """A link to a page by its URL name; None where this installation has no such page."""
    try:
        return Link(label, reverse(name) + query)
    except NoReverseMatch:
        return None


def shorten(value: str) -> str:
    """A text of a job or file, cut to one line."""
    return value if len(value) <= 120 else f"{value[:119]}…"
