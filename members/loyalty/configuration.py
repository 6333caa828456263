"""What of loyalty can be configured: each part registers its pages, and the settings page lists them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from crm.runtime.extension.labels import Label, untranslated
from crm.runtime.extension.links import missing
from crm.runtime.extension.registry import Registry
from crm.staff.models import Staff
from crm.staff.permissions import Action, may, undeclared
from crm.web.components import Text


@dataclass(frozen=True, eq=False)
class Entry:
    """A page that configures something of loyalty.

    `url` is the name of its address (without arguments), `help` says in a sentence what is set there, `state`
    in a few words how it stands ("version 3 since 1 Nov"; at most one query; empty where there is nothing).
    `kinds` are the four-eyes requests that change it, `within` the names of all addresses beneath the page.
    Lower `order` first.
    """

    key: str
    label: Label
    help: Label
    url: str
    order: int
    action: Action
    state: Callable[[datetime], Text]
    kinds: tuple[str, ...] = ()
    within: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.key} ({self.url})"


def _judge(entry: Entry) -> Iterator[str]:
    yield from undeclared(entry.action)
    yield from missing(entry.url, *entry.within)
    yield from untranslated(entry.label, entry.help)


_entries: Registry[Entry] = Registry("loyalty setting", _judge)


def register(*entries: Entry) -> None:
    """Publish what a part configures (from its publish()). Raises RegisteredTwice."""
    for entry in entries:
        _entries.add(entry.key, entry)


def entries_for(staff: Staff) -> list[Entry]:
    """The entries that this person may open, in order."""
    found = [entry for entry in _entries.values() if may(staff, entry.action)]
    return sorted(found, key=lambda entry: (entry.order, entry.key))


def addresses() -> tuple[str, ...]:
    """The names of all addresses that belong to some entry."""
    return tuple(name for entry in _entries.values() for name in (entry.url, *entry.within))
