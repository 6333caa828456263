"""The members behind a figure: those of its numerator or its denominator whom a reader may see.

The same SQL that counts them lists them, among a bounded number of members at a time in the order of their
ids: a page costs the same however many members there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from crm.insights.kpis.compute import period
from crm.insights.kpis.definition import Kpi
from crm.insights.kpis.relations import among, relation_sql
from crm.staff.models import Staff
from members.profiles.models import Member

SIZE = 50  # members of a page
STEPS = (100, 900)  # members looked at in one statement and the next: most figures fill a page with the first
PARTS = ("numerator", "denominator")


@dataclass(frozen=True)
class Found:
    """Ids of members behind a figure, ascending; `after` is where to go on, None at the end."""

    member_ids: Sequence[int]
    after: int | None


def members_behind(
    kpi: Kpi, part: str, *, last_day: date, staff: Staff, after: int = 0, channel: int | None = None
) -> Found:
    """The members of a part ("numerator" or "denominator") of a KPI in the month up to and with a day.

    Only those whom `staff` may see, with ids above `after`; of one channel where it is named. A page may hold
    fewer than SIZE although more follow. One query, and one for each of STEPS.
    """
    # Uses the primary key: a bounded range of it, whoever reads.
    ids = Member.objects.visible_to(staff).filter(pk__gt=after).order_by("pk")
    looked_at = sum(STEPS)
    members = list(ids.values_list("pk", flat=True)[: looked_at + 1])
    found: list[int] = []
    begun = 0
    for step in STEPS:
        examined = members[begun : begun + step]
        begun += step
        found += _counted(kpi, part, examined, last_day, channel) if examined else []
        if len(found) > SIZE:
            return Found(found[:SIZE], found[SIZE - 1])
    return Found(found, members[looked_at - 1] if len(members) > looked_at else None)


def _counted(kpi: Kpi, part: str, members: list[int], last_day: date, channel: int | None) -> list[int]:
    """Those of some members who are counted in a part."""
    shared = ", ".join(f"{name} AS ({among(relation_sql(name))})" for name in kpi.reads)
    statement = (
        f"{f'WITH {shared}' if shared else ''} SELECT DISTINCT member_id FROM ({among(kpi.sql)}) AS counted"  # noqa: S608 - texts of the registry
        f" WHERE member_id = ANY(%(members)s) AND {part} <> 0"
        " AND (%(channel)s::bigint IS NULL OR channel_id = %(channel)s) ORDER BY member_id"
    )
    values: dict[str, Any] = period(last_day) | kpi.values | {"members": members, "channel": channel}
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [member_id for (member_id,) in cursor.fetchall()]
