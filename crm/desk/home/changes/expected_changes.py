"""Stage changes expected within a week, by time alone or by an upcoming policy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.desk.home.blocks import Block, Item, Link, first_rows
from crm.desk.home.members import Members, member_address, member_note
from crm.web import formats
from members.lifecycle.evaluation.answer import StagePair
from members.lifecycle.forecast.forecast import stage_changes_within
from members.lifecycle.models import Policy
from members.lifecycle.policy_versions import SOON

MOST_DUE = 12  # members whose next change by time is forecast
MOST_BY_POLICY = 36  # members whose change by an upcoming policy is forecast


@dataclass(frozen=True)
class ExpectedChange:
    """A member whose stage may end at `due_at`; `after` is the stage that follows, once forecast."""

    member_id: int
    stage: str | None
    sub_state: str | None
    due_at: datetime
    after: StagePair | None = None
    policy: Policy | None = None  # the cause, where it is not in force yet


def expected_changes(rows: Sequence[ExpectedChange], now: datetime) -> list[ExpectedChange]:
    """Those whose stage or sub-state changes within a week, the earliest first, with what follows.

    One query, a few more where changes follow each other within the week; none without rows.
    """
    stages: dict[int, StagePair] = {row.member_id: (row.stage, row.sub_state) for row in rows}
    found = []
    for member_id, change in stage_changes_within(stages, now, now + SOON).items():
        policy = change.policy if change.policy.effective_from > now else None
        found.append(
            ExpectedChange(member_id, *stages[member_id], change.answer.at, change.stage_pair, policy)
        )
    return sorted(found, key=lambda row: (row.due_at, row.member_id))


def expected_changes_block(rows: Iterable[ExpectedChange], members: Members) -> Block:
    """Members with the expected stage, and the policy where that is the cause."""
    items = [
        Item(
            members[row.member_id].view.name,
            member_address(row.member_id),
            why=_policy_text(row.policy) if row.policy else "",
            at=row.due_at,
            stage=row.after,
            before=(row.stage, row.sub_state),
            note=member_note(members[row.member_id]),
        )
        for row in first_rows(rows)
        if row.member_id in members
    ]
    more = Link(_("Include warning changes"), f"{reverse('members')}?sort=due&due_days={SOON.days}&view=all")
    return Block(_("Expected within 7 days"), items, more=more, empty=_("No changes expected."))


def _policy_text(policy: Policy) -> str:
    values = {"version": policy.version, "day": formats.day(policy.effective_from)}
    return _("under policy v%(version)s, effective %(day)s") % values
