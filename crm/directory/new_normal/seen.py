"""The new normals of a team's members, and which of them its lead has seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from crm.directory.list.rows import Row, rows_of
from crm.directory.models import SeenNewNormal
from crm.staff.models import Staff
from crm.staff.privacy.mask_levels import masked_value
from members.lifecycle.models import NewNormal
from members.profiles.book import assigned_member_ids

LOOKS_BACK = timedelta(days=90)
SHOWN = 200


@dataclass(frozen=True)
class NewNormalLine:
    """A new normal of a member, for one reader; the reason is masked as free text is."""

    row: NewNormal
    member: Row
    reason: str
    seen: bool


def new_normals(staff: Staff, now: datetime) -> QuerySet[NewNormal]:
    """Those of the last 90 days that colleagues recorded for the reader's members, the latest first."""
    return (
        NewNormal.objects.filter(member__in=assigned_member_ids(staff), at__gt=now - LOOKS_BACK, at__lte=now)
        .exclude(recorded_by=staff)
        .select_related("recorded_by")
        .order_by("-at", "-id")
    )


def unseen_new_normals(staff: Staff, now: datetime) -> QuerySet[NewNormal]:
    """Those of them that the reader has not marked as seen."""
    seen = SeenNewNormal.objects.filter(member=OuterRef("member_id"), new_normal=OuterRef("id"), staff=staff)
    return new_normals(staff, now).filter(~Exists(seen))


def lines_of(staff: Staff, now: datetime) -> list[NewNormalLine]:
    """The latest, the unseen first. Three queries."""
    found = list(new_normals(staff, now)[:SHOWN])
    ids = [one.member_id for one in found]
    if not ids:
        return []
    members = {row.view.id: row for row in rows_of(ids, staff)}
    seen = set(SeenNewNormal.objects.filter(member__in=ids, staff=staff).values_list("member", "new_normal"))
    lines = [
        NewNormalLine(one, members[one.member_id], masked_value("text", one.reason, staff), one.pk in seen)
        for one in found
        if one.member_id in members
    ]
    return sorted(lines, key=lambda line: line.seen)


def mark_seen(staff: Staff, now: datetime, which: tuple[int, int] | None = None) -> int:
    """Mark one, as (member, id), or all of those that the reader may see; returns how many are new."""
    found = unseen_new_normals(staff, now)
    if which:
        found = found.filter(member=which[0], id=which[1])
    rows = [
        SeenNewNormal(member=member_id, new_normal=number, staff=staff, seen_at=now)
        for member_id, number in found.values_list("member_id", "id")
    ]
    SeenNewNormal.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
