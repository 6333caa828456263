"""Whom to call, for home: the first of the call list with their reasons in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.desk.home.blocks import Block, CallRow, Calls, Item, Link, capped, first_rows
from crm.desk.home.members import Members, member_address, member_note
from crm.desk.reasons.call_list import URGENT, CallList
from crm.desk.reasons.registry import Reason, sources
from crm.runtime.clock import day_of
from crm.staff.models import Staff
from crm.web import amounts, formats

WEEK = timedelta(days=7)
MATURING = "matures=30&cols=stage,aum,matures,activity"  # of the list of members
ENDING = "assessment=30&cols=stage,aum,assessment,activity"


def calls_of(
    found: CallList, members: Members, staff: Staff, now: datetime, *, manager: bool = False
) -> Calls:
    """The calls with all reasons for each, in words; with the `manager` where asked for."""
    known = sources()
    rows = [
        CallRow(
            place,
            members[call.member_id],
            [(known[one.source].label, known[one.source].words(one, staff, now)) for one in call.reasons],
            call.is_new,
            call.first.stake,
            call.first.urgency,
            member_note(members[call.member_id], manager=manager),
        )
        for place, call in enumerate(found.calls, 1)
        if call.member_id in members
    ]
    return Calls(rows, found.total, [one.basis for one in known.values()], URGENT)


def describe_calls(found: CallList) -> list[str]:
    """How many members to call and how many of them are new; empty for none."""
    if not found.total:
        return []
    words = ngettext("%(count)s member to call", "%(count)s members to call", found.total)
    parts = [words % {"count": capped(found.total)}]
    if found.new:
        words = ngettext("%(count)s is new since yesterday", "%(count)s are new since yesterday", found.new)
        parts.append(words % {"count": capped(found.new)})
    return parts


def first_call_link(calls: Calls) -> Link | None:
    """The link to the first member to call."""
    if not calls.rows:
        return None
    first = calls.rows[0].member.view
    return Link(_("Start with %(name)s") % {"name": first.name}, member_address(first.id))


def maturities_block(reasons: Sequence[Reason], members: Members, staff: Staff, now: datetime) -> Block:
    """Products that mature within a month, with the money of the week and of the month."""
    week = [one for one in reasons if one.due and one.due <= day_of(now + WEEK)]
    values = {"week": formats.short_money(_stake(week)), "month": formats.short_money(_stake(reasons))}
    note = _("%(week)s within 7 days, %(month)s within 30 days") % values
    empty = _("No product matures within 30 days.")
    title = _("Products maturing")
    return reasons_block(reasons, members, staff, now, title, empty, note, asked=MATURING)


def _stake(reasons: Sequence[Reason]) -> Decimal:
    return sum((one.stake for one in reasons), Decimal(0))


def reasons_block(
    reasons: Sequence[Reason],
    members: Members,
    staff: Staff,
    now: datetime,
    title: str,
    empty: str,
    note: str = "",
    asked: str = "",
) -> Block:
    """The reasons of one source, the earliest due first; `asked` of the list of members it finds all."""
    known = sources()
    lines = [
        Item(
            members[one.member_id].view.name,
            member_address(one.member_id),
            known[one.source].words(one, staff, now),
            one.due,
            amount=amounts.amount(one.stake),
            note=member_note(members[one.member_id]),
        )
        for one in first_rows(reasons)
        if one.member_id in members
    ]
    more = Link(_("View all"), f"{reverse('members')}?{asked}&view=all") if asked else None
    return Block(title, lines, more=more, empty=empty, note=note)
