"""Home of a relationship manager: whom to call today, what ends soon, what changed, the book in numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.desk.home.blocks import Block, Home, Item, Link, first_rows, to_sentence
from crm.desk.home.call_block import (
    ENDING,
    calls_of,
    describe_calls,
    first_call_link,
    maturities_block,
    reasons_block,
)
from crm.desk.home.changes.expected_changes import (
    MOST_BY_POLICY,
    MOST_DUE,
    ExpectedChange,
    expected_changes,
    expected_changes_block,
)
from crm.desk.home.changes.recent_changes import (
    describe_decline,
    is_improvement,
    is_setback,
    latest_transitions,
    since_yesterday,
    transitions_block,
)
from crm.desk.home.members import Members, member_address, member_note, read_members, stage_figures
from crm.desk.reasons.call_list import read_call_list
from crm.desk.reasons.sources.assessments import ASSESSMENTS
from crm.desk.reasons.sources.maturities import MATURITIES
from crm.runtime.clock import day_of
from crm.runtime.database.prepared import fetch_prepared
from crm.runtime.sql_files import sql_beside
from crm.staff.models import Staff
from crm.web import amounts, formats
from members.lifecycle.policy_versions import SOON
from members.profiles.book import assigned_member_ids

WEEK = timedelta(days=7)
LARGEST_CHANGES = 6  # of assets
_BOOK = sql_beside(__file__)("book")


@dataclass(frozen=True)
class BookSummary:
    """A book: members by stage, stage changes that are due, the largest changes of assets within a week."""

    stages: Mapping[str, int]
    due: Sequence[ExpectedChange]
    changes: Sequence[tuple[int, Decimal, Decimal]]  # member, assets a week ago, assets now


def home(staff: Staff, now: datetime) -> Home:
    """Five queries, a few more where stage changes follow each other within the week."""
    found, transitions = read_call_list(staff, now), latest_transitions(staff, now, now - WEEK)
    book = read_book(staff, now)
    due = expected_changes(book.due, now)
    assessments, maturities = found.of_source(ASSESSMENTS.key), found.of_source(MATURITIES.key)
    worse = [row for row in transitions if is_setback(row)]
    better = [row for row in transitions if is_improvement(row)]
    members = read_members(
        staff,
        (call.member_id for call in found.calls),
        (row.member_id for row in first_rows(maturities) + first_rows(assessments)),
        (row.member_id for row in first_rows(worse) + first_rows(better)),
        (row.member_id for row in first_rows(due)),
        (member_id for member_id, _then, _now in book.changes),
    )
    calls = calls_of(found, members, staff, now)
    parts = [*describe_calls(found), *describe_decline(transitions, since_yesterday(now))]
    return Home(
        to_sentence(parts, _("No calls due today.")),
        (),
        (
            maturities_block(maturities, members, staff, now),
            reasons_block(
                assessments,
                members,
                staff,
                now,
                _("Expired and expiring risk assessments"),
                _("No risk assessment expired in the last 90 days or expires in the next 30."),
                asked=ENDING,
            ),
            transitions_block(worse, members, _("Negative stage changes this week")),
            transitions_block(better, members, _("Positive stage changes this week")),
            expected_changes_block(due, members),
            _changes_block(book.changes, members),
            Block(
                _("My members by stage"),
                figures=stage_figures(book.stages),
                more=Link(_("View all"), f"{reverse('members')}?view=all"),
            ),
        ),
        first_call_link(calls),
        calls=calls,
    )


def read_book(staff: Staff, now: datetime) -> BookSummary:
    """The book of this person: of the due changes as many as are forecast. One query."""
    soon = now + SOON
    visible, parameters = assigned_member_ids(staff).query.sql_with_params()
    statement = _BOOK.format(visible=visible)
    values = [
        *parameters,
        now,
        soon,
        MOST_DUE,
        now,
        soon,
        MOST_BY_POLICY,
        day_of(now - WEEK),
        LARGEST_CHANGES,
    ]
    stages: dict[str, int] = {}
    due: dict[str, list[ExpectedChange]] = {"due": [], "ruled": []}
    changes = []
    for part, number, stage, sub_state, due_at, before, aum in fetch_prepared(statement, values):
        if part == "stage":
            stages[stage] = number
        elif part in due:
            due[part].append(ExpectedChange(number, stage, sub_state, due_at))
        else:
            changes.append((number, before, aum))
    return BookSummary(stages, [*due["due"], *due["ruled"]], changes)


def _changes_block(rows: Sequence[tuple[int, Decimal, Decimal]], members: Members) -> Block:
    lines = []
    for member_id, then, now in rows:
        if member_id not in members:
            continue
        values = {"then": formats.short_money(then), "now": formats.short_money(now)}
        if values["then"] == values["now"]:  # too short to tell the change
            values = {"then": formats.money(then), "now": formats.money(now)}
        lines.append(
            Item(
                members[member_id].view.name,
                member_address(member_id),
                _("From %(then)s to %(now)s") % values,
                amount=amounts.change(now - then),
                note=member_note(members[member_id]),
            )
        )
    return Block(_("Largest asset changes this week"), lines, empty=_("No asset changes."))
