"""Open churn warnings: one item for each member, with the evidence then and now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Window
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.desk.home.blocks import READ, Block, Item, Link, capped, first_rows
from crm.desk.home.members import member_address
from crm.staff.models import Staff
from crm.web import formats
from members.lifecycle.models import Warning, WarningKind
from members.lifecycle.sentences.history import warning_reason
from members.profiles.book import assigned_member_ids
from members.profiles.masking import MemberView
from members.profiles.visibility import sees_everybody

_COLUMNS = ("member_id", "kind", "raised_at", "evidence")  # reading the others takes as long again


@dataclass(frozen=True)
class WarnedMember:
    """A member with the open warnings, newest first, and the assets."""

    member_id: int
    warnings: tuple[Warning, ...]
    aum: Decimal


@dataclass(frozen=True)
class OpenWarnings:
    """Members with open warnings; `new_count` of the warnings were raised since an instant.

    In books the highest assets come first (`by_value`), among all members the newest warnings: to sort a
    million by value would read every open warning.
    """

    members: tuple[WarnedMember, ...]
    new_count: int
    by_value: bool

    @property
    def ids(self) -> list[int]:
        return [row.member_id for row in self.members]


def open_warnings(staff: Staff, since: datetime, kinds: Iterable[str] = WarningKind.values) -> OpenWarnings:
    """The open warnings that this person sees first. One query."""
    rows = Warning.objects.filter(ended_at=None, superseded_at=None).only(*_COLUMNS)
    rows = rows.annotate(aum=F("member__standing__aum"))
    if not sees_everybody(staff):
        rows = rows.filter(member__in=assigned_member_ids(staff), kind__in=list(kinds))
        rows = rows.annotate(new_count=Window(Count("member_id", filter=Q(raised_at__gte=since))))
        found: list[Any] = list(
            rows.order_by(F("aum").desc(nulls_last=True), "member_id", "-raised_at")[:READ]
        )
        return OpenWarnings(_by_member(found), found[0].new_count if found else 0, by_value=True)
    # Uses index: warning_open, once for each kind, so that each arm ends after READ rows.
    arms = [rows.filter(kind=kind).order_by("-raised_at")[:READ] for kind in kinds]
    newest: QuerySet[Warning] = arms[0]
    if len(arms) > 1:
        newest = arms[0].union(*arms[1:], all=True).order_by("-raised_at")[:READ]
    found = list(newest)
    return OpenWarnings(_by_member(found), sum(row.raised_at >= since for row in found), by_value=False)


def _by_member(found: Iterable[Any]) -> tuple[WarnedMember, ...]:
    """The warnings by member, in their order."""
    grouped: dict[int, list[Any]] = {}
    for row in found:
        grouped.setdefault(row.member_id, []).append(row)
    return tuple(
        WarnedMember(member_id, tuple(rows), rows[0].aum or Decimal(0)) for member_id, rows in grouped.items()
    )


def warnings_block(found: OpenWarnings, names: Mapping[int, MemberView], title: str, now: datetime) -> Block:
    """Members with all for each, and their assets now."""
    lines = [
        Item(
            names[row.member_id].name,
            member_address(row.member_id),
            " · ".join(warning_reason(one, now, row.aum) for one in row.warnings),
            tags=tuple(WarningKind(one.kind).label for one in row.warnings),
            amount=formats.money(row.aum),
        )
        for row in first_rows(found.members)
        if row.member_id in names
    ]
    more = Link(_("View all"), f"{reverse('members')}?warning=any&view=all")
    note = _("highest assets first") if found.by_value else _("newest first")
    return Block(title, lines, more=more, empty=_("No open warnings."), note=note)


def describe_new_warnings(found: OpenWarnings) -> list[str]:
    """How many of the open warnings are new; empty for none."""
    if not found.new_count:
        return []
    words = ngettext("%(count)s new warning", "%(count)s new warnings", found.new_count)
    most = None if found.by_value else READ
    return [words % {"count": capped(found.new_count, most)}]
