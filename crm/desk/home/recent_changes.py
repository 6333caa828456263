"""Recent stage changes: the latest transitions, and how many members entered Decline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.desk.home.blocks import READ, Block, Item, Link, capped, first_rows
from crm.desk.home.members import member_address
from crm.runtime.clock import day_of, day_start
from crm.staff.models import Staff
from members.lifecycle.counts.stage_counts import visible_transitions
from members.lifecycle.models import Stage, Transition
from members.lifecycle.sentences.history import transition_reason
from members.profiles.masking import MemberView


def since_yesterday(now: datetime) -> datetime:
    """The first instant of yesterday in platform time."""
    return day_start(day_of(now) - timedelta(days=1))


def latest_transitions(staff: Staff, now: datetime, since: datetime, entered: str = "") -> list[Transition]:
    """The transitions since an instant, latest first; with `entered`, only those into it from another stage.

    One query.
    """
    # Uses index: transition_by_time
    rows: QuerySet[Transition] = visible_transitions(staff).filter(
        effective_at__gte=since, effective_at__lte=now
    )
    rows = rows.defer("recorded_at", "superseded_at", "dwell")
    if entered:
        rows = rows.filter(Q(from_stage=None) | ~Q(from_stage=entered), to_stage=entered)
    else:
        rows = rows.filter(to_stage__isnull=False)
    return list(rows.order_by("-effective_at")[:READ])


def entries_into_decline(rows: Iterable[Transition]) -> list[Transition]:
    """Those into Decline from another stage."""
    return [row for row in rows if row.to_stage == Stage.DECLINE and row.from_stage != Stage.DECLINE]


def transitions_block(rows: Iterable[Transition], names: Mapping[int, MemberView], title: str) -> Block:
    """Members with their stage change and its reason."""
    lines = [
        Item(
            names[row.member_id].name,
            member_address(row.member_id),
            transition_reason(row),
            row.effective_at,
            stage=(row.to_stage, row.to_sub_state),
            before=(row.from_stage, row.from_sub_state) if row.from_stage else None,
            tag=_("won back") if row.won_back else "",
            tone="good",
        )
        for row in first_rows(rows)
        if row.member_id in names
    ]
    more = Link(_("View all"), f"{reverse('members')}?sort=since&view=all")
    return Block(title, lines, more=more, empty=_("No stage changes."))


def describe_decline(count: str, plural: int) -> list[str]:
    """How many members entered Decline since yesterday; empty for none."""
    if not plural:
        return []
    words = ngettext(
        "%(count)s member entered Decline since yesterday",
        "%(count)s members entered Decline since yesterday",
        plural,
    )
    return [words % {"count": count}]


def describe_decline_among(rows: list[Transition], since: datetime) -> list[str]:
    """The same, counted among the latest transitions; with a + where there were more."""
    new = [row for row in entries_into_decline(rows) if row.effective_at >= since]
    cut = len(rows) >= READ and rows[-1].effective_at >= since
    return describe_decline(f"{capped(len(new))}{'+' if cut else ''}", len(new))
