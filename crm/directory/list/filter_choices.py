"""The choices that the list's filters offer, kept for a while; only the managers differ by reader."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache
from django.db import connection
from django.utils.safestring import SafeString

from crm.runtime.sql_files import sql_beside
from crm.staff.models import Role, Staff
from crm.web.templatetags.perennial import options

_SQL = sql_beside(__file__)("filter_choices")
_KEPT, _SECONDS = "desk:facets:{}", 120
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
    everybody = staff.role not in (Role.RELATIONSHIP_MANAGER, Role.TEAM_LEAD)
    team = staff.team_id if staff.role == Role.TEAM_LEAD else None
    key = _KEPT.format("all" if everybody else team)
    found: Facets | None = cache.get(key)
    if found is None:
        found = _read({"all": everybody, "team": team})
        cache.set(key, found, _SECONDS)
    return found


def _read(managers: dict[str, bool | int | None]) -> Facets:
    of: dict[str, Choices] = {"channel": [], "manager": [], "region": []}
    with connection.cursor() as cursor:
        cursor.execute(_SQL, managers)
        for kind, value, label in cursor.fetchall():
            of[kind].append((value, label))
    # As HTML: there may be thousands.
    return Facets(of["channel"], of["manager"], of["region"], options(of["manager"]))
