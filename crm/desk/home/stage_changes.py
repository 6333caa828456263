"""What happened to members: changes of stage, changes to come; and their names, once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.desk.home.blocks import READ, Block, Line, Link, counted, shown
from crm.runtime.clock import day_of, day_start
from crm.staff.models import Staff
from crm.web import formats
from members.lifecycle.counts.stage_counts import visible_transitions
from members.lifecycle.evaluation.answer import StagePair
from members.lifecycle.forecast.forecast import stage_changes_within
from members.lifecycle.models import Policy, Stage, Transition
from members.lifecycle.policy.versions import SOON
from members.lifecycle.sentences.history import transition_reason
from members.profiles.masking import MemberView, present

FORESEEN = 12  # members due whose next answers are worked out
RULED = 36  # members whom a coming policy may move


@dataclass(frozen=True)
class Due:
    """A member in a stage that may end by itself at `due_at`; `after`: the one that then comes."""

    member_id: int
    stage: str | None
    sub_state: str | None
    due_at: datetime
    after: StagePair | None = None
    policy: Policy | None = None  # the cause, where it is not in force yet


def since_yesterday(now: datetime) -> datetime:
    """The first instant of yesterday, on the platform's calendar."""
    return day_start(day_of(now) - timedelta(days=1))


def latest_moves(staff: Staff, now: datetime, since: datetime, entered: str = "") -> list[Transition]:
    """What took effect since then, the latest first; with `entered`, moves into it from another stage.

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


def foreseen(rows: Sequence[Due], now: datetime) -> list[Due]:
    """Those of them who change stage or sub-state within a week, the first first, with what becomes of each.

    One query, a few more where changes follow each other within the week; none without rows.
    """
    places: dict[int, StagePair] = {row.member_id: (row.stage, row.sub_state) for row in rows}
    found = []
    for member_id, seen in stage_changes_within(places, now, now + SOON).items():
        policy = seen.policy if seen.policy.effective_from > now else None
        found.append(Due(member_id, *places[member_id], seen.answer.at, seen.stage_pair, policy))
    return sorted(found, key=lambda due: (due.due_at, due.member_id))


def began_to_decline(moves: Iterable[Transition]) -> list[Transition]:
    """Those that entered decline from another stage."""
    return [move for move in moves if move.to_stage == Stage.DECLINE and move.from_stage != Stage.DECLINE]


def names_of(staff: Staff, *ids: Iterable[int]) -> dict[int, MemberView]:
    """The members of several blocks, those that are shown, as this person may see them, by id. One query."""
    wanted = [member_id for some in ids for member_id in shown(some)]
    return {view.id: view for view in present(wanted, staff=staff, fields=("name",))}


def _address(member_id: int) -> str:
    return reverse("member", args=[member_id])


def moves_block(rows: Iterable[Transition], names: Mapping[int, MemberView], title: str) -> Block:
    """Changes of stage with what brought them."""
    lines = [
        Line(
            names[row.member_id].name,
            _address(row.member_id),
            transition_reason(row),
            row.effective_at,
            stage=(row.to_stage, row.to_sub_state),
            before=(row.from_stage, row.from_sub_state) if row.from_stage else None,
            tag=_("won back") if row.won_back else "",
            tone="good",
        )
        for row in shown(rows)
        if row.member_id in names
    ]
    more = Link(_("View all"), f"{reverse('members')}?sort=since&view=all")
    return Block(title, lines, more=more, empty=_("No stage changes."))


def due_block(rows: Iterable[Due], names: Mapping[int, MemberView]) -> Block:
    """Who changes stage by time alone, or by a policy that comes, and into what."""
    lines = [
        Line(
            names[row.member_id].name,
            _address(row.member_id),
            why=_ruled_by(row.policy) if row.policy else "",
            at=row.due_at,
            stage=row.after,
            before=(row.stage, row.sub_state),
        )
        for row in shown(rows)
        if row.member_id in names
    ]
    listed = f"{reverse('members')}?sort=due&due_days={SOON.days}&view=all"
    more = Link(_("Include warning changes"), listed)
    return Block(_("Expected within 7 days"), lines, more=more, empty=_("No changes expected."))


def _ruled_by(policy: Policy) -> str:
    said = {"version": policy.version, "day": formats.day(policy.effective_from)}
    return _("under policy v%(version)s, effective %(day)s") % said


def said_of_decline(count: str, plural: int) -> list[str]:
    """How many began to decline since yesterday, in words; nothing where nobody did."""
    if not plural:
        return []
    words = ngettext(
        "%(count)s member entered Decline since yesterday",
        "%(count)s members entered Decline since yesterday",
        plural,
    )
    return [words % {"count": count}]


def decline_among(rows: list[Transition], since: datetime) -> list[str]:
    """The same, counted among the latest moves; with a + where there were more than those."""
    new = [row for row in began_to_decline(rows) if row.effective_at >= since]
    cut = len(rows) >= READ and rows[-1].effective_at >= since
    return said_of_decline(f"{counted(len(new))}{'+' if cut else ''}", len(new))


def said_of_due(rows: Sequence[Due], *, more: bool) -> list[str]:
    """How many change stage soon, in words; nothing where nobody does. `more`: there may be more."""
    if not rows:
        return []
    words = ngettext(
        "%(count)s member is expected to change stage within 7 days",
        "%(count)s members are expected to change stage within 7 days",
        len(rows),
    )
    return [words % {"count": f"{counted(len(rows))}{'+' if more else ''}"}]
