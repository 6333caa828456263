"""Pages of apps in the administration, for those whose work is there: a rail of their own, with numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from crm.runtime.extension.labels import Label, untranslated
from crm.runtime.extension.links import missing
from crm.runtime.extension.registry import Registry
from crm.staff.administration.sections import Section
from crm.staff.models import Staff
from crm.staff.permissions import Action, may, undeclared


@dataclass(frozen=True)
class Page:
    """One link of the rail, for whoever has `action`; within a section the lower `order` comes first.

    `url` is the name of its address. `count` names a number that stands beside it (`register_counter`); one
    that `waits` asks for somebody's work and is shown as such.
    """

    url: str
    title: Label
    section: Section
    order: int
    action: Action
    count: str = ""
    waits: bool = False

    def __str__(self) -> str:
        return f"{self.url} ({self.title})"


Counter = Callable[[Staff, datetime], Mapping[str, int]]


def _judge(page: Page) -> Iterator[str]:
    yield from missing(page.url)
    yield from undeclared(page.action)
    yield from untranslated(page.title, page.section.title)


_pages: Registry[Page] = Registry("administration page", _judge)
_counters: Registry[Counter] = Registry("counter of the administration")


def register(*pages: Page) -> None:
    """Publish the pages of an app (from AppConfig.ready). Raises RegisteredTwice."""
    for page in pages:
        _pages.add(page.url, page)


def register_counter(name: str, counter: Counter) -> None:
    """Publish what counts for the links of an app: one query for all its numbers. Raises RegisteredTwice."""
    _counters.add(name, counter)


def rail(staff: Staff, here: str, now: datetime) -> list[tuple[Label, list[dict[str, Any]]]]:
    """The pages this person may open, by section, with their numbers; `here` names the address shown."""
    counts: dict[str, int] = {}
    for counter in _counters.values():
        counts.update(counter(staff, now))
    found = [page for page in _pages.values() if may(staff, page.action)]
    groups: dict[Section, list[dict[str, Any]]] = {}
    for page in sorted(found, key=lambda one: (one.section.order, one.order, one.url)):
        link = {
            "title": page.title,
            "link": reverse(page.url),
            "count": counts.get(page.count),
            "waits": page.waits,
            "current": page.url == here,
        }
        groups.setdefault(page.section, []).append(link)
    return [(section.title, links) for section, links in groups.items()]
