"""Open churn warnings: one item for each member, with the evidence then and now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.desk.home.blocks import READ, Block, Item, Link, first_rows
from crm.desk.home.members import Members, member_address, member_note
from crm.web import amounts
from members.lifecycle.models import Warning, WarningKind
from members.lifecycle.sentences.history import warning_reason

_COLUMNS = ("member_id", "kind", "raised_at", "evidence")  # reading the others takes as long again


@dataclass(frozen=True)
class WarnedMember:
    """A member with the open warnings, newest first, and the assets."""

    member_id: int
    warnings: tuple[Warning, ...]
    aum: Decimal


@dataclass(frozen=True)
class OpenWarnings:
    """Members with open warnings, the newest warning first; `new_count` were raised since an instant."""

    members: tuple[WarnedMember, ...]
    new_count: int

    @property
    def ids(self) -> list[int]:
        return [row.member_id for row in self.members]


def open_warnings(since: datetime, kinds: Iterable[str]) -> OpenWarnings:
    """The newest open warnings of all members: for readers who see everybody. One query."""
    rows = Warning.objects.filter(ended_at=None, superseded_at=None).only(*_COLUMNS)
    rows = rows.annotate(aum=F("member__standing__aum"))
    # Uses index: warning_open, once for each kind, so that each arm ends after READ rows.
    arms = [rows.filter(kind=kind).order_by("-raised_at")[:READ] for kind in kinds]
    newest: QuerySet[Warning] = arms[0]
    if len(arms) > 1:
        newest = arms[0].union(*arms[1:], all=True).order_by("-raised_at")[:READ]
    found = list(newest)
    return OpenWarnings(_by_member(found), sum(row.raised_at >= since for row in found))


def _by_member(found: Iterable[Any]) -> tuple[WarnedMember, ...]:
    """The warnings by member, in their order."""
    grouped: dict[int, list[Any]] = {}
    for row in found:
        grouped.setdefault(row.member_id, []).append(row)
    return tuple(
        WarnedMember(member_id, tuple(rows), rows[0].aum or Decimal(0)) for member_id, rows in grouped.items()
    )


def warnings_block(
    found: OpenWarnings, members: Members, title: str, now: datetime, *, manager: bool = False
) -> Block:
    """Members with all for each, and their assets now; with the `manager` where asked for."""
    lines = [
        Item(
            members[row.member_id].view.name,
            member_address(row.member_id),
            " · ".join(warning_reason(one, now, row.aum) for one in row.warnings),
            tags=tuple(WarningKind(one.kind).label for one in row.warnings),
            amount=amounts.amount(row.aum),
            note=member_note(members[row.member_id], manager=manager),
        )
        for row in first_rows(found.members)
        if row.member_id in members
    ]
    more = Link(_("View all"), f"{reverse('members')}?warning=any&view=all")
    return Block(title, lines, more=more, empty=_("No open warnings."), note=_("newest first"))
