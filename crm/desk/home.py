"""What is mine today: my members by stage, who needs attention, who moved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from django.db.models import QuerySet

from crm.staff.models import Staff
from members.lifecycle.board import transitions
from members.lifecycle.models import Transition, Warning, WarningKind
from members.lifecycle.words import why_moved, why_warned
from members.profiles.masking import MemberView, present
from members.profiles.models import Member
from members.profiles.visibility import sees_everybody

SHOWN = 12


@dataclass(frozen=True)
class News:
    """Something that happened to a member: when, what (the row itself), and why in a sentence."""

    view: MemberView
    at: datetime
    row: Transition | Warning
    why: str


def latest_warnings(staff: Staff, limit: int = SHOWN) -> list[News]:
    """The open churn warnings raised last. Four queries."""
    # Uses index: warning_open, once for each kind, so that each read ends after `limit` rows.
    by_kind = (_open(staff).filter(kind=kind).order_by("-raised_at")[:limit] for kind in WarningKind.values)
    rows = sorted(chain.from_iterable(by_kind), key=lambda row: row.raised_at, reverse=True)[:limit]
    return _news(((row.member_id, row.raised_at, row, why_warned(row)) for row in rows), staff)


def latest_moves(staff: Staff, now: datetime, limit: int = SHOWN) -> list[News]:
    """The changes of stage that took effect last. Two queries."""
    # Uses index: transition_by_time
    rows = (
        transitions(staff)
        .filter(effective_at__lte=now, to_stage__isnull=False)
        .order_by("-effective_at")[:limit]
    )
    return _news(((row.member_id, row.effective_at, row, why_moved(row)) for row in rows), staff)


def _open(staff: Staff) -> QuerySet[Warning]:
    rows = Warning.objects.filter(ended_at=None, superseded_at=None)
    if sees_everybody(staff):
        return rows
    return rows.filter(member__in=Member.objects.visible_to(staff).values("id"))


def _news(rows: Iterable[tuple[int, datetime, Transition | Warning, str]], staff: Staff) -> list[News]:
    found = list(rows)
    views = {view.id: view for view in present([row[0] for row in found], staff=staff, fields=("name",))}
    return [News(views[who], at, row, why) for who, at, row, why in found if who in views]
