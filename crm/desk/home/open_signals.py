"""Open churn signals of all members: complaints and closure requests, the newest first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.desk.home.blocks import READ, Block, Item, Link, first_rows
from crm.desk.home.members import Members, member_address, member_note
from crm.web import amounts
from members.lifecycle.models import Warning, WarningKind
from members.lifecycle.sentences.history import warning_reason

Signal = Any  # a Warning annotated with the member's assets, as `aum`
_COLUMNS = ("member_id", "kind", "raised_at", "evidence")  # reading the others takes as long again


def open_signals() -> list[Signal]:
    """The newest open churn signals of all members: for readers who see everybody. One query."""
    rows = Warning.objects.filter(kind=WarningKind.SIGNAL, ended_at=None, superseded_at=None).only(*_COLUMNS)
    # Uses index: warning_open
    return list(rows.annotate(aum=F("member__standing__aum")).order_by("-raised_at")[:READ])


def closure_requests(rows: Iterable[Signal]) -> list[Signal]:
    """Those of members who asked for their account to be closed."""
    return [row for row in rows if row.evidence.get("closing_at")]


def count_since(rows: Iterable[Signal], since: datetime) -> int:
    """How many of them were raised since an instant."""
    return sum(row.raised_at >= since for row in rows)


def signals_block(rows: Sequence[Signal], members: Members, title: str, empty: str, now: datetime) -> Block:
    """Members with what they did, their manager and their assets now."""
    lines = [
        Item(
            members[row.member_id].view.name,
            member_address(row.member_id),
            warning_reason(row, now, row.aum),
            amount=amounts.amount(row.aum),
            note=member_note(members[row.member_id], manager=True),
        )
        for row in first_rows(rows)
        if row.member_id in members
    ]
    more = Link(_("View all"), f"{reverse('members')}?warning={WarningKind.SIGNAL}&view=all")
    return Block(title, lines, more=more, empty=empty, note=_("newest first"))
