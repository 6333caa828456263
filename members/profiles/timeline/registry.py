"""The timeline of a member: sources that apps register, each with a statement and its rows in words.

The page of a member reads all of them by one statement, ordered and paged by (at, source, id), in which each
source reads one page from its own index.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from crm.runtime.extension.labels import Label, untranslated
from crm.runtime.extension.registry import Registry
from crm.staff.models import Staff


class Row(NamedTuple):
    """A row of a source's statement; `source` is the key of the source, `import_id` the import it came by."""

    at: datetime
    source: str
    id: str
    kind: str
    amount: Decimal | None
    detail: str | None
    import_id: int | None


@dataclass(frozen=True)
class Entry:
    """A row in words; `flow` is in or out where money moved, `stage` the life stage that gives the colour.

    `folds` words a number of rows of this kind on one day ("12 logins"), which then share a line; without
    it each row stands by itself.
    """

    label: str
    detail: str = ""
    amount: Decimal | None = None
    flow: str = ""
    stage: str = ""
    folds: Callable[[int], str] | None = None


@dataclass(frozen=True, eq=False)
class Kind:
    """What a reader narrows the timeline to; sources of several apps may be of one. Lower `order` first."""

    key: str
    label: Label
    order: int

    def __str__(self) -> str:
        return f"{self.key} ({self.label})"


def own_id(row: Row) -> str:
    """The id a row has in the system it came from, where it is stored as that (source:id)."""
    return row.id


def for_everybody(staff: Staff) -> Mapping[str, Any]:
    """For statements that select the same for every reader."""
    return {}


def no_id(row: Row) -> str:
    """For rows that are only known here."""
    return ""


@dataclass(frozen=True)
class Source:
    """Rows of one table or a few.

    `sql` gives a SELECT of at, id, kind, amount, detail, import_id of the member %(member)s, typed NULLs
    where there is none; it may use the business time zone %(zone)s and whether the reader reads English,
    %(english)s. `at` is best a column of an index that begins with the member, `id` is text and unique in
    the source. Order, limit and page are put around it.
    `outside_id` is the id shown as origin. `of_reader` gives what else the statement binds: what this reader
    may see of it. Its names begin with the source's key.
    """

    key: str
    kind: Kind
    sql: Callable[[], str]
    entry: Callable[[Row, Staff], Entry]
    outside_id: Callable[[Row], str] = own_id
    of_reader: Callable[[Staff], Mapping[str, Any]] = for_everybody

    def __str__(self) -> str:
        return f"{self.key} ({self.entry.__module__})"


_sources: Registry[Source] = Registry("timeline source")
_kinds: Registry[Kind] = Registry("kind of timeline source", lambda kind: untranslated(kind.label))


def register(*sources: Source) -> None:
    """Publish the sources of an app (from AppConfig.ready). Raises RegisteredTwice."""
    for source in sources:
        _sources.add(source.key, source)
        if _kinds.get(source.kind.key) is not source.kind:
            _kinds.add(source.kind.key, source.kind)


def kinds() -> dict[str, Label]:
    """Every kind by its key, in order."""
    return {kind.key: kind.label for kind in sorted(_kinds.values(), key=lambda kind: (kind.order, kind.key))}


def sources(kind: str = "") -> tuple[Source, ...]:
    """The sources of this kind, or all of them."""
    return tuple(source for source in _sources.values() if kind in ("", source.kind.key))
