"""Home of a relationship manager: the own members who need somebody now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.desk.home.blocks import Block, Figure, Line, Link, Today, counted, told
from crm.desk.home.stage_changes import (
    FORESEEN,
    RULED,
    Due,
    decline_among,
    due_block,
    foreseen,
    latest_moves,
    moves_block,
    names_of,
    said_of_due,
    since_yesterday,
)
from crm.desk.home.warnings import open_warnings, said_of_warnings, warnings_block
from crm.runtime.clock import day_of
from crm.runtime.database.prepared import fetch_prepared
from crm.runtime.sql_files import sql_beside
from crm.staff.models import Staff
from crm.web import formats
from members.lifecycle.models import Stage
from members.lifecycle.policy.versions import SOON
from members.profiles.book import members_in_books_of
from members.profiles.masking import MemberView

WEEK = timedelta(days=7)
BIGGEST = 6
_BOOK = sql_beside(__file__)("book")


@dataclass(frozen=True)
class InBook:
    """A book: members by stage, who may change soonest by time alone, whose assets changed most, in money.

    `cut`: there are more of the `due` than were read.
    """

    stages: Mapping[str, int]
    due: Sequence[Due]
    cut: bool
    changes: Sequence[tuple[int, Decimal, Decimal]]  # member, assets a week ago, assets now


def today(staff: Staff, now: datetime) -> Today:
    """Five queries, a few more where a change of stage follows another change within the week."""
    new = since_yesterday(now)
    warnings, moves = open_warnings(staff, new), latest_moves(staff, now, now - WEEK)
    book = read_book(staff, now)
    due = foreseen(book.due, now)
    names = names_of(
        staff,
        warnings.ids,
        (row.member_id for row in moves),
        (row.member_id for row in due),
        (member_id for member_id, _then, _now in book.changes),
    )
    parts = [*decline_among(moves, new), *said_of_warnings(warnings), *said_of_due(due, more=book.cut)]
    sentence = told(parts, _("Nothing new since yesterday: no entries into Decline and no new warnings."))
    return Today(
        sentence,
        stage_figures(book.stages),
        (
            warnings_block(warnings, names, _("Open warnings"), now),
            due_block(due, names),
            moves_block(moves, names, _("Stage changes this week")),
            _changes_block(book.changes, names),
        ),
        Link(_("Review warnings"), f"{reverse('members')}?warning=any&view=all")
        if warnings.members
        else None,
    )


def stage_figures(members: Mapping[str, int]) -> list[Figure]:
    """Members by stage, each with its list."""
    page = reverse("members")
    return [
        Figure(stage.label, counted(members.get(stage, 0)), f"{page}?stage={stage}&view=all", tone=stage)
        for stage in Stage
    ]


def read_book(staff: Staff, now: datetime) -> InBook:
    """One query. Of those who change soonest only as many as are worked out, of the changes the BIGGEST."""
    soon = now + SOON
    visible, parameters = members_in_books_of(staff).query.sql_with_params()
    statement = _BOOK.format(visible=visible)
    asked = [*parameters, now, soon, FORESEEN, now, soon, RULED, day_of(now - WEEK), BIGGEST]
    stages: dict[str, int] = {}
    due: dict[str, list[Due]] = {"due": [], "ruled": []}
    changes = []
    for part, number, stage, sub_state, due_at, before, aum in fetch_prepared(statement, asked):
        if part == "stage":
            stages[stage] = number
        elif part in due:
            due[part].append(Due(number, stage, sub_state, due_at))
        else:
            changes.append((number, before, aum))
    cut = len(due["due"]) >= FORESEEN or len(due["ruled"]) >= RULED
    return InBook(stages, [*due["due"], *due["ruled"]], cut, changes)


def _changes_block(rows: Sequence[tuple[int, Decimal, Decimal]], names: Mapping[int, MemberView]) -> Block:
    lines = []
    for member_id, then, now in rows:
        if member_id not in names:
            continue
        said = {"then": formats.money(then), "now": formats.money(now)}
        change = formats.money(now - then)
        lines.append(
            Line(
                names[member_id].name,
                reverse("member", args=[member_id]),
                _("From %(then)s to %(now)s") % said,
                amount=change if now < then else f"+{change}",
                tone="out" if now < then else "in",
            )
        )
    return Block(_("Largest asset changes this week"), lines, empty=_("No asset changes."))
