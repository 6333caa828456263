"""Home of a team lead: each manager's book in a line, and what is new in any of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.desk.home.blocks import Block, Cell, Figure, Link, Table, Today, counted, told
from crm.desk.home.stage_changes import decline_among, latest_moves, moves_block, names_of, since_yesterday
from crm.desk.home.warnings import Alarms, open_warnings, said_of_warnings, warnings_block
from crm.staff.models import Staff
from crm.web import formats
from members.lifecycle.counts.stage_counts import CACHE_SECONDS, cached
from members.lifecycle.models import Transition
from members.lifecycle.policy.versions import SOON
from members.profiles.models import Book

WEEK = timedelta(days=7)
News = tuple[list[dict[str, Any]], Alarms, list[Transition]]


def today(staff: Staff, now: datetime) -> Today:
    """Four queries, one where the team's news is remembered."""
    new = since_yesterday(now)
    books, warnings, moves = _news_of_team(staff, now)
    names = names_of(staff, warnings.ids, (row.member_id for row in moves))
    parts = [*decline_among(moves, new), *said_of_warnings(warnings)]
    most = max(books, key=lambda row: row["warned"], default=None)
    if most and most["warned"]:
        said = {"name": most["staff__display_name"], "count": formats.number(most["warned"])}
        parts.append(_("%(name)s has the most warnings (%(count)s)") % said)
    return Today(
        told(parts, _("Nothing new in your team since yesterday.")),
        _figures(books),
        (
            Block(
                _("Relationship managers"),
                table=_table(books),
                empty=_("No assigned members in your team yet."),
            ),
            warnings_block(warnings, names, _("Open warnings"), now),
            moves_block(moves, names, _("Stage changes this week")),
        ),
        Link(_("View members with warnings"), f"{reverse('members')}?warning=any&view=all")
        if warnings.members
        else None,
    )


def _news_of_team(staff: Staff, now: datetime) -> News:
    """Each manager's members in numbers, open warnings, moves of the week; remembered for a minute.

    Thousands of members are gone through for them. Whose names are shown is asked anew each time.
    """

    def read() -> News:
        return (
            _read_books(staff, now),
            open_warnings(staff, since_yesterday(now)),
            latest_moves(staff, now, now - WEEK),
        )

    return cached("home", staff, CACHE_SECONDS, read)


def _read_books(staff: Staff, now: datetime) -> list[dict[str, Any]]:
    mine = Q(staff__team=staff.team_id) if staff.team_id else Q(staff=staff)
    standing = "member__standing__"
    rows: list[Any] = list(
        Book.objects.filter(mine, ended_at=None)
        .values("staff_id", "staff__display_name")
        .annotate(
            members=Count("member_id"),
            aum=Sum(f"{standing}aum"),
            warned=Count("member_id", filter=Q(**{f"{standing}warnings__gt": 0})),
            declined=Count(
                "member_id", filter=Q(**{f"{standing}stage": "decline", f"{standing}since__gte": now - WEEK})
            ),
            due=Count("member_id", filter=Q(**{f"{standing}due_at__lte": now + SOON})),
        )
        .order_by("-warned", "-aum")[:60]
    )
    return rows


def _figures(books: list[dict[str, Any]]) -> list[Figure]:
    return [
        Figure(_("Members"), counted(_total(books, "members")), f"{reverse('members')}?view=all"),
        Figure(_("Assets"), formats.short_money(Decimal(sum((row["aum"] or 0 for row in books), start=0)))),
        Figure(
            _("With warnings"),
            counted(_total(books, "warned")),
            f"{reverse('members')}?warning=any&view=all",
        ),
        Figure(_("Entered Decline this week"), counted(_total(books, "declined"))),
    ]


def _total(books: list[dict[str, Any]], name: str) -> int:
    return sum(row[name] for row in books)


def _table(books: list[dict[str, Any]]) -> Table:
    heads = [
        _("Relationship manager"),
        _("Members"),
        _("Assets"),
        _("With warnings"),
        _("Entered Decline this week"),
        _("Expected changes within 7 days"),
    ]
    rows = []
    for book in books:
        address = f"{reverse('members')}?manager={book['staff_id']}&view=all"
        rows.append(
            [
                Cell(str(book["staff__display_name"]), address, number=False),
                Cell(formats.number(book["members"]), address),
                Cell(formats.short_money(book["aum"])),
                Cell(formats.number(book["warned"]), f"{address}&warning=any"),
                Cell(formats.number(book["declined"]), f"{address}&stage=decline&sort=since"),
                Cell(formats.number(book["due"]), f"{address}&due_days={SOON.days}&sort=due"),
            ]
        )
    return Table(heads, rows)
