"""The sidebar of the administration: tables of each app under a heading, registered by the app."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.runtime.extension.labels import Label, untranslated
from crm.runtime.extension.links import missing
from crm.runtime.extension.registry import Registry


@dataclass(frozen=True, eq=False)
class Section:
    """A heading of the sidebar; the lower `order` comes first."""

    title: Label
    order: int


REFERENCE_DATA = Section(_("Reference data"), 10)
PEOPLE = Section(_("People"), 20)
SYSTEM = Section(_("System"), 30)


@dataclass(frozen=True)
class Table:
    """One link of the sidebar: the table of a model, as app label and model (runtime_calendarday), its words
    and the name of its Material symbol. Within a section the lower `order` comes first.
    """

    model: str
    title: Label
    icon: str
    section: Section
    order: int

    def __str__(self) -> str:
        return f"{self.model} ({self.title})"

    @property
    def url(self) -> str:
        """The name of the address of its list."""
        return f"admin:{self.model}_changelist"


def _judge(table: Table) -> Iterator[str]:
    yield from missing(table.url)
    yield from untranslated(table.title, table.section.title)


_tables: Registry[Table] = Registry("administration table", _judge)


def register(*tables: Table) -> None:
    """Publish the tables of an app (from AppConfig.ready). Raises RegisteredTwice."""
    for table in tables:
        _tables.add(table.model, table)


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """The sidebar in django-unfold's form, the way back to the product first."""
    groups: dict[Section, list[dict[str, Any]]] = {}
    for table in sorted(_tables.values(), key=lambda one: (one.section.order, one.order, one.model)):
        link = {"title": table.title, "icon": table.icon, "link": reverse(table.url)}
        groups.setdefault(table.section, []).append(link)
    back = {"title": _("Back to Perennial"), "icon": "arrow_back", "link": "/"}
    return [{"items": [back]}, *({"title": one.title, "items": links} for one, links in groups.items())]
