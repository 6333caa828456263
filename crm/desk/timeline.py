"""What a member did, newest first: transactions, behaviour events, signals and touches in one line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.staff.models import Staff
from crm.web.answers import BadQuery
from crm.web.paging import from_token, instant, to_token
from members.portfolio.models import TransactionKind
from members.profiles.masking import show
from members.profiles.models.activity import SignalKind

SIZE = 30
SOURCES: dict[str, str | Promise] = {
    "transaction": gettext_lazy("Transactions"),
    "event": gettext_lazy("Events"),
    "signal": gettext_lazy("Leaving signals"),
    "touch": gettext_lazy("Touches"),
}
EVENTS: dict[str, str | Promise] = {
    "login": gettext_lazy("Login"),
    "page": gettext_lazy("Page view"),
    "page_view": gettext_lazy("Page view"),
    "task": gettext_lazy("Task"),
    "card_issued": gettext_lazy("Card issued"),
}
_SQL = (Path(__file__).parent / "sql" / "timeline.sql").read_text()
_FLOWS = {"buy": "in", "sell": "out", "fee": "out"}


@dataclass(frozen=True)
class Happening:
    """One line of the timeline; `flow` is in or out where money moved."""

    at: datetime
    source: str
    label: str
    detail: str
    amount: Decimal | None
    flow: str


@dataclass(frozen=True)
class Timeline:
    """One page of happenings, the token of the next one, and the source it is narrowed to."""

    rows: list[Happening]
    next: str
    source: str


def read_timeline(
    member_id: int, staff: Staff, now: datetime, *, source: str = "", after: str = "", size: int = SIZE
) -> Timeline:
    """Whether the member is theirs to see is for the caller. One query. Raises BadQuery."""
    if source and source not in SOURCES:
        raise BadQuery(_("“%(name)s” has no such value.") % {"name": "source"})
    upto, last_source, last_id = from_token(after, instant, str, str) if after else (now, None, None)
    if after and None in (upto, last_source, last_id):
        raise BadQuery(_("This page address is damaged. Start again from the first page."))
    values = {
        "member": member_id,
        "sources": [source] if source else list(SOURCES),
        "upto": upto,
        "source": last_source,
        "id": last_id,
        "limit": size + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL, values)
        found = cursor.fetchall()
    following = to_token(*found[size - 1][:3]) if len(found) > size else ""
    return Timeline([_line(row, staff) for row in found[:size]], following, source)


def _line(row: tuple[Any, ...], staff: Staff) -> Happening:
    at, source, _id, kind, amount, detail = row
    if source == "transaction":
        label, shown = str(TransactionKind(kind).label), detail or ""
    elif source == "signal":
        label, shown = str(SignalKind(kind).label), show("text", detail or "", staff)
    elif source == "event":
        label, shown = str(EVENTS.get(kind, kind)), _properties(detail, staff)
    else:
        label, shown = _("Touch: %(channel)s") % {"channel": kind}, detail or ""
    return Happening(at, source, label, shown, amount, _FLOWS.get(kind, "") if amount is not None else "")


def _properties(text: str | None, staff: Staff) -> str:
    """The values of open properties; as they may hold anything, they are shown as free text is."""
    found = json.loads(text) if text else None
    words = " · ".join(map(str, found.values())) if isinstance(found, dict) else text or ""
    return show("text", words, staff)[:200]
