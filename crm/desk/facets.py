"""The choices that the list's filters offer, kept for a while; only the managers differ by reader."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.core.cache import cache
from django.db import connection
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from crm.staff.models import Role, Staff

_SQL = (Path(__file__).parent / "sql" / "facets.sql").read_text()
_KEPT, _SECONDS = "desk:facets", 120
_OPTIONS = "desk:facets:managers:{}"
Choices = list[tuple[str, str]]


@dataclass(frozen=True)
class Facets:
    """(value, label) pairs; `regions` are those of the members known last; others may be asked for."""

    channels: Choices
    managers: Choices
    regions: Choices
    manager_options: SafeString

    def label(self, name: str, value: str) -> str:
        """The words of a value of the filter `channel` or `manager`; the value itself where it has none."""
        pairs = {"channel": self.channels, "manager": self.managers}.get(name, [])
        return dict(pairs).get(value, value)


def facets(staff: Staff) -> Facets:
    """At most one query. A team lead is offered the managers of the team, a manager none."""
    rows = cache.get(_KEPT)
    if rows is None:
        with connection.cursor() as cursor:
            cursor.execute(_SQL)
            rows = cursor.fetchall()
        cache.set(_KEPT, rows, _SECONDS)
    if staff.role == Role.RELATIONSHIP_MANAGER:
        rows = [row for row in rows if row[0] != "manager"]
    elif staff.role == Role.TEAM_LEAD:
        rows = [row for row in rows if row[0] != "manager" or (row[3] and row[3] == staff.team_id)]
    of: dict[str, Choices] = {"channel": [], "manager": [], "region": []}
    for kind, value, label, _team in rows:
        of[kind].append((value, label))
    return Facets(of["channel"], of["manager"], of["region"], _options(staff, of["manager"]))


def _options(staff: Staff, managers: Choices) -> SafeString:
    """The managers as choices in HTML, kept ready: there may be thousands."""
    key = _OPTIONS.format(staff.team_id if staff.role == Role.TEAM_LEAD else "all")
    options: SafeString | None = cache.get(key)
    if options is None:
        options = format_html_join("", '<option value="{}">{}</option>', managers)
        cache.set(key, options, _SECONDS)
    return options
