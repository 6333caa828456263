"""The log of exports: no row leaves as a file without a row here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TypeVar

from crm.runtime.extension.labels import Label, untranslated
from crm.runtime.extension.registry import Registry
from crm.runtime.secrets.crypto import decrypt, encrypt
from crm.staff.models import Export, Staff

Row = TypeVar("Row")
TERM = "search term"  # the field under which terms are encrypted

_exports: Registry[Label] = Registry("export", untranslated)


def register(exports: Mapping[str, Label]) -> None:
    """Publish what an app can export, with its words (from AppConfig.ready). Raises RegisteredTwice."""
    for name, label in exports.items():
        _exports.add(name, label)


def export_label(what: str) -> str:
    """What was exported, in words; its name where no app exports such a thing any more."""
    return str(_exports.get(what, what))


def begin(
    what: str,
    *,
    staff: Staff | None,
    now: datetime,
    query: Mapping[str, str],
    columns: Iterable[str] = (),
    term: str = "",
) -> Export:
    """Record that a file begins; `staff` is None for a command of the server, `term` what is searched for.

    Raises KeyError for what no app has registered.
    """
    if what not in _exports:
        raise KeyError(what)
    return Export.objects.create(
        what=what,
        staff=staff,
        at=now,
        query=dict(query),
        columns=list(columns),
        term=encrypt(TERM, term) if term else None,
    )


def finish(begun: Export, rows: int) -> None:
    """Record that the whole file has left, with how many rows."""
    Export.objects.create(what=begun.what, staff=begun.staff, at=begun.at, begun=begun, rows=rows)


def counted(begun: Export, rows: Iterable[Row]) -> Iterator[Row]:
    """The rows; when the last has been taken, finish()."""
    number = 0
    for row in rows:
        number += 1
        yield row
    finish(begun, number)


def term_of(export: Export) -> str:
    """What was searched for, in plain; empty where nothing was."""
    return decrypt(TERM, export.term) if export.term else ""
