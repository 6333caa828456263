"""Home of a relationship manager: the assigned members who need attention."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.desk.home.blocks import Block, Home, Item, Link, to_sentence
from crm.desk.home.expected_changes import (
    MOST_BY_POLICY,
    MOST_DUE,
    ExpectedChange,
    describe_expected_changes,
    expected_changes,
    expected_changes_block,
)
from crm.desk.home.members import member_address, member_names, stage_figures
from crm.desk.home.open_warnings import describe_new_warnings, open_warnings, warnings_block
from crm.desk.home.recent_changes import (
    describe_decline_among,
    latest_transitions,
    since_yesterday,
    transitions_block,
)
from crm.runtime.clock import day_of
from crm.runtime.database.prepared import fetch_prepared
from crm.runtime.sql_files import sql_beside
from crm.staff.models import Staff
from crm.web import formats
from members.lifecycle.policy.versions import SOON
from members.profiles.book import assigned_member_ids
from members.profiles.masking import MemberView

WEEK = timedelta(days=7)
LARGEST_CHANGES = 6  # of assets
_BOOK = sql_beside(__file__)("book")


@dataclass(frozen=True)
class BookSummary:
    """A book: members by stage, stage changes that are due, and the largest changes of assets within a week.

    `cut`: there are more of the `due` than were read.
    """

    stages: Mapping[str, int]
    due: Sequence[ExpectedChange]
    cut: bool
    changes: Sequence[tuple[int, Decimal, Decimal]]  # member, assets a week ago, assets now


def home(staff: Staff, now: datetime) -> Home:
    """Five queries, a few more where stage changes follow each other within the week."""
    new = since_yesterday(now)
    warnings, transitions = open_warnings(staff, new), latest_transitions(staff, now, now - WEEK)
    book = read_book(staff, now)
    due = expected_changes(book.due, now)
    names = member_names(
        staff,
        warnings.ids,
        (row.member_id for row in transitions),
        (row.member_id for row in due),
        (member_id for member_id, _then, _now in book.changes),
    )
    parts = [
        *describe_decline_among(transitions, new),
        *describe_new_warnings(warnings),
        *describe_expected_changes(due, more=book.cut),
    ]
    sentence = to_sentence(
        parts, _("Nothing new since yesterday: no entries into Decline and no new warnings.")
    )
    return Home(
        sentence,
        stage_figures(book.stages),
        (
            warnings_block(warnings, names, _("Open warnings"), now),
            expected_changes_block(due, names),
            transitions_block(transitions, names, _("Stage changes this week")),
            _changes_block(book.changes, names),
        ),
        Link(_("Review warnings"), f"{reverse('members')}?warning=any&view=all")
        if warnings.members
        else None,
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
    cut = len(due["due"]) >= MOST_DUE or len(due["ruled"]) >= MOST_BY_POLICY
    return BookSummary(stages, [*due["due"], *due["ruled"]], cut, changes)


def _changes_block(rows: Sequence[tuple[int, Decimal, Decimal]], names: Mapping[int, MemberView]) -> Block:
    lines = []
    for member_id, then, now in rows:
        if member_id not in names:
            continue
        values = {"then": formats.money(then), "now": formats.money(now)}
        change = formats.money(now - then)
        lines.append(
            Item(
                names[member_id].name,
                member_address(member_id),
                _("From %(then)s to %(now)s") % values,
                amount=change if now < then else f"+{change}",
                tone="out" if now < then else "in",
            )
        )
    return Block(_("Largest asset changes this week"), lines, empty=_("No asset changes."))
