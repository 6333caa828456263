"""The choices that the list's filters offer, cached for two minutes by language and managers."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache
from django.db import connection
from django.utils.safestring import SafeString

from crm.directory.list.request.regions import regions
from crm.runtime.sql_files import sql_beside
from crm.runtime.text.local_names import reads_english
from crm.staff.models import Role, Staff
from crm.staff.names.pinyin import romanized
from crm.web.templatetags.perennial import options

_SQL = sql_beside(__file__)("filter_choices")
_CACHED, _SECONDS = "directory:filter_choices:{}:{}", 120
Choices = list[tuple[str, str]]


@dataclass(frozen=True)
class FilterChoices:
    """(value, label) pairs. `regions` are those of the latest members, others may be typed."""

    channels: Choices
    managers: Choices
    regions: Choices
    manager_options: SafeString

    def label(self, name: str, value: str) -> str:
        """The label of a value of the filter `channel` or `manager`; the value itself where it has none."""
        pairs = {"channel": self.channels, "manager": self.managers}.get(name, [])
        return dict(pairs).get(value, value)


def filter_choices(staff: Staff) -> FilterChoices:
    """The choices for a reader: a lead gets the managers of the team, a manager none. At most two queries."""
    everybody = staff.role not in (Role.RELATIONSHIP_MANAGER, Role.TEAM_LEAD)
    team = staff.team_id if staff.role == Role.TEAM_LEAD else None
    english = reads_english()
    key = _CACHED.format("en" if english else "", "all" if everybody else team)
    found: FilterChoices | None = cache.get(key)
    if found is None:
        found = _read({"all": everybody, "team": team, "english": english})
        cache.set(key, found, _SECONDS)
    return found


def _read(asked: dict[str, bool | int | None]) -> FilterChoices:
    of: dict[str, Choices] = {"channel": [], "manager": []}
    with connection.cursor() as cursor:
        cursor.execute(_SQL, asked)
        for kind, value, label in cursor.fetchall():
            of[kind].append((value, label))
    # As HTML: there may be thousands.
    return FilterChoices(
        of["channel"], of["manager"], _regions(asked["english"] is True), options(of["manager"])
    )


def _regions(english: bool) -> Choices:
    """As they are stored; a browser offers those whose value or label has what is typed."""
    return [(region, romanized(region) if english else region) for region in regions()]
