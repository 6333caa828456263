"""Home of a team lead: assets at risk in each book, who is behind them, and what is new in the team."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.desk.home.blocks import Block, Cell, Figure, Home, Link, Table, capped, first_rows, to_sentence
from crm.desk.home.call_block import calls_of
from crm.desk.home.changes.recent_changes import (
    describe_decline,
    is_improvement,
    is_setback,
    latest_transitions,
    since_yesterday,
    transitions_block,
)
from crm.desk.home.members import read_members
from crm.desk.home.new_normals import new_normals_block, read_unseen
from crm.desk.reasons.call_list import CallList, read_call_list
from crm.staff.models import Staff
from crm.web import amounts, formats
from crm.web.components import Text
from members.lifecycle.counts.stage_counts import CACHE_SECONDS, cached
from members.lifecycle.models import Transition
from members.lifecycle.policy_versions import SOON
from members.profiles.models import Book

WEEK = timedelta(days=7)
Books = list[dict[str, Any]]
TeamNews = tuple[Books, CallList, list[Transition]]


def home(staff: Staff, now: datetime) -> Home:
    """Five queries, two where the team's news is cached."""
    books, found, transitions = _team_news(staff, now)
    worse = [row for row in transitions if is_setback(row)]
    better = [row for row in transitions if is_improvement(row)]
    normals = read_unseen(staff, now)
    members = read_members(
        staff,
        (row.member_id for row in first_rows(normals)),
        (call.member_id for call in found.calls),
        (row.member_id for row in first_rows(worse) + first_rows(better)),
    )
    parts = [*_describe_risk(books), *describe_decline(transitions, since_yesterday(now))]
    at_risk = f"{reverse('members')}?warning=any&sort=aum&view=all"
    return Home(
        to_sentence(parts, _("No assets at risk in your team.")),
        _figures(books),
        (
            *([new_normals_block(normals, members, staff)] if normals else []),
            transitions_block(worse, members, _("Negative stage changes this week"), manager=True),
            transitions_block(better, members, _("Positive stage changes this week"), manager=True),
        ),
        Link(_("View members at risk"), at_risk) if _total(books, "warned") else None,
        first=Block(
            _("Assets at risk by book"),
            table=_table(books),
            empty=_("No assigned members in your team yet."),
            note=_("most at risk first"),
        ),
        calls=calls_of(found, members, staff, now, manager=True),
    )


def _describe_risk(books: Books) -> list[str]:
    """The assets at risk, and whose book holds most of them; empty for none."""
    at_risk = sum((row["at_risk"] for row in books), Decimal(0))
    if not at_risk:
        return []
    parts = [_("%(amount)s at risk in your team") % {"amount": formats.short_money(at_risk)}]
    if len(books) > 1:
        most = max(books, key=lambda row: row["at_risk"])
        values = {"name": most["staff__display_name"], "amount": formats.short_money(most["at_risk"])}
        parts.append(_("most of it with %(name)s (%(amount)s)") % values)
    return parts


def _team_news(staff: Staff, now: datetime) -> TeamNews:
    """The books in numbers, the calls and the transitions of the week; cached for a minute.

    They read thousands of members. The names shown are read each time.
    """

    def read() -> TeamNews:
        return _read_books(staff, now), read_call_list(staff, now), latest_transitions(staff, now, now - WEEK)

    # Reasons hold names of products in the reader's language.
    return cached(f"home:{get_language()}", staff, CACHE_SECONDS, read)


def _read_books(staff: Staff, now: datetime) -> Books:
    """Every book of the team in numbers, the one with the most assets at risk first."""
    mine = Q(staff__team=staff.team_id) if staff.team_id else Q(staff=staff)
    standing = "member__standing__"
    warned = Q(**{f"{standing}warnings__gt": 0})
    none = Decimal(0)
    rows: list[Any] = list(
        Book.objects.filter(mine, ended_at=None)
        .values("staff_id", "staff__display_name")
        .annotate(
            members=Count("member_id"),
            aum=Sum(f"{standing}aum", default=none),
            at_risk=Sum(f"{standing}aum", filter=warned, default=none),
            warned=Count("member_id", filter=warned),
            declined=Count(
                "member_id", filter=Q(**{f"{standing}stage": "decline", f"{standing}since__gte": now - WEEK})
            ),
            due=Count("member_id", filter=Q(**{f"{standing}due_at__lte": now + SOON})),
        )
        .order_by("-at_risk", "-aum", "staff_id")[:60]
    )
    return rows


def _figures(books: Books) -> list[Figure]:
    members = f"{reverse('members')}?view=all"
    return [
        Figure(_("Assets at risk"), _sum(books, "at_risk"), f"{members}&warning=any&sort=aum"),
        Figure(_("Members with warnings"), capped(_total(books, "warned")), f"{members}&warning=any"),
        Figure(_("Assets of the team"), _sum(books, "aum"), f"{members}&sort=aum"),
        Figure(_("Members"), capped(_total(books, "members")), members),
    ]


def _total(books: Books, name: str) -> int:
    return sum(row[name] for row in books)


def _sum(books: Books, name: str) -> Text:
    return amounts.amount(sum((row[name] for row in books), Decimal(0)))


def _table(books: Books) -> Table:
    heads = [
        _("Relationship manager"),
        _("Assets at risk"),
        _("Share"),
        _("With warnings"),
        _("Entered Decline this week"),
        _("Expected changes within 7 days"),
        _("Members"),
        _("Assets"),
    ]
    rows = []
    for book in books:
        address = f"{reverse('members')}?manager={book['staff_id']}&view=all"
        at_risk = f"{address}&warning=any&sort=aum"
        share = book["at_risk"] / book["aum"] if book["aum"] else None
        rows.append(
            [
                Cell(str(book["staff__display_name"]), address, number=False),
                Cell(amounts.amount(book["at_risk"]), at_risk),
                Cell(formats.share(share), at_risk),
                Cell(formats.number(book["warned"]), at_risk),
                Cell(formats.number(book["declined"]), f"{address}&stage=decline&sort=since"),
                Cell(formats.number(book["due"]), f"{address}&due_days={SOON.days}&sort=due"),
                Cell(formats.number(book["members"]), address),
                Cell(amounts.amount(book["aum"]), f"{address}&sort=aum"),
            ]
        )
    return Table(heads, rows)
