"""Home of a relationship manager: the own members who need somebody now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.desk.home.news import (
    decline_among,
    due_block,
    due_soon,
    latest_moves,
    moves_block,
    names_of,
    open_warnings,
    said_of_due,
    said_of_warnings,
    since_yesterday,
    warnings_block,
)
from crm.desk.home.shapes import Block, Figure, Line, Link, Today, counted, told
from crm.runtime.clock import day_of
from crm.staff.models import Staff
from crm.web import formats
from members.lifecycle.board import by_stage, counts
from members.lifecycle.models import Stage
from members.profiles.book import members_in_books_of
from members.profiles.masking import MemberView

WEEK = timedelta(days=7)
BIGGEST = 6
_CHANGES = (Path(__file__).parent.parent / "sql" / "aum_changes.sql").read_text()
Changed = tuple[int, Decimal, Decimal]  # member, assets then, assets now


def today(staff: Staff, now: datetime) -> Today:
    """Seven queries."""
    new = since_yesterday(now)
    warnings, moves = open_warnings(staff), latest_moves(staff, now, now - WEEK)
    (due, after), changes = due_soon(staff, now), biggest_changes(staff, now)
    names = names_of(
        staff,
        (row.member_id for row in warnings),
        (row.member_id for row in moves),
        (row.member_id for row in due),
        (member_id for member_id, _then, _now in changes),
    )
    parts = [*decline_among(moves, new), *said_of_warnings(warnings, new), *said_of_due(due)]
    sentence = told(parts, _("Nothing new since yesterday: nobody began to decline, no warning was raised."))
    return Today(
        sentence,
        stage_figures(staff),
        (
            warnings_block(warnings, names, _("Open warnings")),
            due_block(due, after, names),
            moves_block(moves, names, _("Changed stage this week")),
            _changes_block(changes, names),
        ),
        Link(_("Begin with the warnings"), f"{reverse('members')}?warning=any&view=all")
        if warnings
        else None,
    )


def stage_figures(staff: Staff) -> list[Figure]:
    """Members by stage, each with its list. At most one query."""
    return [
        Figure(Stage(name).label, counted(count), f"{reverse('members')}?stage={name}&view=all", tone=name)
        for name, count in by_stage(counts(staff)).items()
    ]


def biggest_changes(staff: Staff, now: datetime) -> list[Changed]:
    """Whose assets changed most, in money, since a week ago. One query, for a book."""
    visible, parameters = members_in_books_of(staff).query.sql_with_params()
    statement = _CHANGES.format(visible=visible)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*parameters, day_of(now - WEEK), BIGGEST])
        return cursor.fetchall()


def _changes_block(rows: list[Changed], names: Mapping[int, MemberView]) -> Block:
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
    return Block(_("Assets that moved most within a week"), lines, empty=_("No assets moved."))
