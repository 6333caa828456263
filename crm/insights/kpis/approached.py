"""Who was approached to win them back: apps that record outreach register a source of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from crm.runtime.extension.registry import Registry

RELATION = "approached"


@dataclass(frozen=True)
class Source:
    """One kind of outreach: `sql` is a SELECT of member_id and at (the instant of the contact)."""

    name: str
    sql: Callable[[], str]


def _problems(source: Source) -> Iterable[str]:
    if "%(" in source.sql():
        yield "its SQL takes no parameters"


_sources: Registry[Source] = Registry("source of outreach", _problems)


def register(*sources: Source) -> None:
    """Called from AppConfig.ready() of the app that records the outreach. Raises RegisteredTwice."""
    for source in sources:
        _sources.add(source.name, source)


def has_sources() -> bool:
    return bool(_sources)


def relation_sql() -> str:
    """All outreach of all sources: member_id and at."""
    return "\nUNION ALL\n".join(source.sql() for source in _sources.values())
