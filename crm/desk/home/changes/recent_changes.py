"""Recent stage changes: the latest transitions, and how many members entered Decline."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.desk.home.blocks import READ, Block, Item, Link, capped, first_rows
from crm.desk.home.members import Members, member_address, member_note
from crm.runtime.clock import day_of, day_start
from crm.staff.models import Staff
from members.lifecycle.counts.stage_counts import visible_transitions
from members.lifecycle.models import Stage, SubState, Transition
from members.lifecycle.sentences.history import transition_reason


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


def is_setback(row: Transition) -> bool:
    """Whether a change is for the worse: into or further into Decline, out of Maturity, into a sub-state.

    Outside of Decline a sub-state says that something is missing. Within Decline less silence is no setback,
    unless what was heard of is money that left.
    """
    if row.to_stage == Stage.DECLINE:
        order = list(SubState)
        entered = order.index(SubState(row.to_sub_state)) if row.to_sub_state else 0
        left = order.index(SubState(row.from_sub_state)) if row.from_sub_state else 0
        return row.from_stage != Stage.DECLINE or entered > left or _has_lost_money(row)
    return bool(row.to_sub_state) or (row.from_stage == Stage.MATURITY and row.to_stage == Stage.GROWTH)


def is_improvement(row: Transition) -> bool:
    """Whether a change is for the better. Whoever stays in Decline has not recovered, less deep or not."""
    return row.to_stage != Stage.DECLINE and not is_setback(row)


def _has_lost_money(row: Transition) -> bool:
    """Whether a fall of assets brought a change: one that began that day, or a payout not reinvested.

    Not where the member logged in at that very instant.
    """
    login = row.inputs.get("last_login_at")
    if login and datetime.fromisoformat(login) == row.effective_at:
        return False
    fell_today = row.inputs.get("fallen_on") == day_of(row.effective_at).isoformat()
    return fell_today or bool(row.inputs.get("is_unspent"))


def transitions_block(
    rows: Iterable[Transition], members: Members, title: str, *, manager: bool = False
) -> Block:
    """Members with their stage change and its reason; with the `manager` where asked for."""
    lines = [
        Item(
            members[row.member_id].view.name,
            member_address(row.member_id),
            transition_reason(row),
            row.effective_at,
            stage=(row.to_stage, row.to_sub_state),
            before=(row.from_stage, row.from_sub_state) if row.from_stage else None,
            tag=_("won back") if row.won_back else _("settled") if row.settled else "",
            tone="good",
            note=member_note(members[row.member_id], manager=manager),
        )
        for row in first_rows(rows)
        if row.member_id in members
    ]
    more = Link(_("View all"), f"{reverse('members')}?sort=since&view=all")
    return Block(title, lines, more=more, empty=_("No stage changes."))


def describe_decline(rows: list[Transition], since: datetime) -> list[str]:
    """How many of the latest transitions entered Decline since an instant, + for more; empty for none."""
    new = [row for row in entries_into_decline(rows) if row.effective_at >= since]
    if not new:
        return []
    cut = len(rows) >= READ and rows[-1].effective_at >= since
    words = ngettext(
        "%(count)s member entered Decline since yesterday",
        "%(count)s members entered Decline since yesterday",
        len(new),
    )
    return [words % {"count": f"{capped(len(new))}{'+' if cut else ''}"}]
