"""Home of a team lead: the book of each relationship manager, and what is new in the team."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.desk.home.blocks import Block, Cell, Figure, Home, Link, Table, capped, to_sentence
from crm.desk.home.members import member_names
from crm.desk.home.open_warnings import OpenWarnings, describe_new_warnings, open_warnings, warnings_block
from crm.desk.home.recent_changes import (
    describe_decline_among,
    latest_transitions,
    since_yesterday,
    transitions_block,
)
from crm.staff.models import Staff
from crm.web import formats
from members.lifecycle.counts.stage_counts import CACHE_SECONDS, cached
from members.lifecycle.models import Transition
from members.lifecycle.policy.versions import SOON
from members.profiles.models import Book

WEEK = timedelta(days=7)
TeamNews = tuple[list[dict[str, Any]], OpenWarnings, list[Transition]]


def home(staff: Staff, now: datetime) -> Home:
    """Four queries, one where the team's news is cached."""
    new = since_yesterday(now)
    books, warnings, transitions = _team_news(staff, now)
    names = member_names(staff, warnings.ids, (row.member_id for row in transitions))
    parts = [*describe_decline_among(transitions, new), *describe_new_warnings(warnings)]
    most = max(books, key=lambda row: row["warned"], default=None)
    if most and most["warned"]:
        values = {"name": most["staff__display_name"], "count": formats.number(most["warned"])}
        parts.append(_("%(name)s has the most warnings (%(count)s)") % values)
    return Home(
        to_sentence(parts, _("Nothing new in your team since yesterday.")),
        _figures(books),
        (
            Block(
                _("Relationship managers"),
                table=_table(books),
                empty=_("No assigned members in your team yet."),
            ),
            warnings_block(warnings, names, _("Open warnings"), now),
            transitions_block(transitions, names, _("Stage changes this week")),
        ),
        Link(_("View members with warnings"), f"{reverse('members')}?warning=any&view=all")
        if warnings.members
        else None,
    )


def _team_news(staff: Staff, now: datetime) -> TeamNews:
    """The books in numbers, open warnings and transitions of the week; cached for a minute.

    They read thousands of members. The names shown are read each time.
    """

    def read() -> TeamNews:
        return (
            _read_books(staff, now),
            open_warnings(staff, since_yesterday(now)),
            latest_transitions(staff, now, now - WEEK),
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
        Figure(_("Members"), capped(_total(books, "members")), f"{reverse('members')}?view=all"),
        Figure(_("Assets"), formats.short_money(Decimal(sum((row["aum"] or 0 for row in books), start=0)))),
        Figure(
            _("With warnings"),
            capped(_total(books, "warned")),
            f"{reverse('members')}?warning=any&view=all",
        ),
        Figure(_("Entered Decline this week"), capped(_total(books, "declined"))),
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
