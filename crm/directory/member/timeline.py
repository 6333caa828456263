"""What happened to a member, newest first: money, acts, signals, touches, stages, warnings, the record."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.directory.member.provenance import Origins
from crm.runtime.clock import day_end, day_start
from crm.runtime.sql_files import sql_beside
from crm.staff.models import Staff
from crm.web.components import Text
from crm.web.lists.tokens import damaged_token, parse_instant, read_token, write_token
from crm.web.responses import BadQuery
from members.lifecycle.models import Transition, Warning, WarningKind
from members.lifecycle.sentences.history import transition_reason, warning_reason
from members.lifecycle.sentences.stages import stage_name
from members.portfolio.models import TransactionKind
from members.profiles.masking import show
from members.profiles.models.activity import SignalKind

SIZE = 30
SOURCES: dict[str, str | Promise] = {
    "transaction": gettext_lazy("Transactions"),
    "event": gettext_lazy("Events"),
    "signal": gettext_lazy("Churn signals"),
    "touch": gettext_lazy("Touchpoints"),
    "stage": gettext_lazy("Stage changes"),
    "warning": gettext_lazy("Warnings"),
    "record": gettext_lazy("Profile and assignment"),
}
EVENTS: dict[str, str | Promise] = {
    "login": gettext_lazy("Login"),
    "page": gettext_lazy("Page view"),
    "page_view": gettext_lazy("Page view"),
    "task": gettext_lazy("Task"),
    "register": gettext_lazy("Registration"),
    "card_issued": gettext_lazy("Card issued"),
}
# What happened where, as our own apps name it; what other systems write stays as they wrote it.
DEVICES: dict[str, str | Promise] = {
    "mini_program": gettext_lazy("Mini program"),
    "web": gettext_lazy("Website"),
    "ios": "iOS",
    "android": "Android",
    "app": gettext_lazy("App"),
}
RECORDS: dict[str, str | Promise] = {
    "assessed": gettext_lazy("Risk assessment"),
    "plan_started": gettext_lazy("Savings plan started"),
    "plan_ended": gettext_lazy("Savings plan ended"),
    "kept": gettext_lazy("Relationship manager assigned"),
    "left": gettext_lazy("Relationship manager unassigned"),
    "known": gettext_lazy("First contact"),
    "registered": gettext_lazy("Registered"),
}
_SQL = sql_beside(__file__)("timeline")
_FLOWS = {"buy": "in", "sell": "out", "fee": "out"}
_EVER = datetime.min.replace(year=1900, tzinfo=UTC)


@dataclass(frozen=True)
class Asked:
    """What of the timeline is asked for: one source or all, between two platform days (or open)."""

    source: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def narrowed(self) -> bool:
        return bool(self.source or self.since or self.until)


@dataclass(frozen=True)
class Happening:
    """One line of the timeline; `flow` is in or out where money moved, `stage` the one entered.

    `origin`: system and import it came from; empty where the platform itself recorded it or nobody knows.
    """

    at: datetime
    source: str
    label: str
    detail: str
    amount: Decimal | None = None
    flow: str = ""
    stage: str = ""
    origin: Text = ""


@dataclass(frozen=True)
class Timeline:
    """One page of happenings, the token of the next one, and what was asked."""

    rows: list[Happening]
    next: str
    asked: Asked

    @property
    def source(self) -> str:
        return self.asked.source


def read_asked(parameters: QueryDict) -> Asked:
    """What an address asks for. Raises BadQuery."""
    source = parameters.get("source", "")
    if source and source not in SOURCES:
        raise BadQuery(_("Invalid value for “%(name)s”.") % {"name": "source"})
    return Asked(source, _day(parameters, "since"), _day(parameters, "until"))


def _day(parameters: QueryDict, name: str) -> date | None:
    text = parameters.get(name, "")
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadQuery(_("Invalid value for “%(name)s”.") % {"name": name}) from error
    if day is not None and not 1900 <= day.year <= 9000:
        raise BadQuery(_("Invalid value for “%(name)s”.") % {"name": name})
    return day


def read_timeline(
    member_id: int,
    staff: Staff,
    now: datetime,
    asked: Asked | None = None,
    *,
    after: str = "",
    size: int = SIZE,
) -> Timeline:
    """Whether the member is theirs to see is for the caller. One query, another where origins are shown.

    Raises BadQuery. Rows that arrive while somebody reads on are before the first page or in their place:
    none comes twice.
    """
    asked = asked or Asked()
    latest = min(now, day_end(asked.until)) if asked.until else now
    upto, last_source, last_id = read_token(after, parse_instant, str, str) if after else (latest, None, None)
    if after and None in (upto, last_source, last_id):
        raise damaged_token()
    values = {
        "member": member_id,
        "sources": [asked.source] if asked.source else list(SOURCES),
        "since": day_start(asked.since) if asked.since else _EVER,
        "upto": upto,
        "source": last_source,
        "id": last_id,
        "limit": size + 1,
        "zone": settings.BUSINESS_TIME_ZONE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL, values)
        found = cursor.fetchall()
    following = write_token(*found[size - 1][:3]) if len(found) > size else ""
    origins = Origins(staff)
    rows = [_line(row, staff, origins) for row in found[:size]]
    return Timeline(rows, following, asked)


def _line(row: tuple[Any, ...], staff: Staff, origins: Origins) -> Happening:
    """A row of timeline.sql in words; its last value is the import that brought it."""
    *told, import_id = row
    at, source, row_id, kind, *_rest = told
    if source == "record":
        row_id = row_id.partition(" ")[2] if kind in {"plan_started", "plan_ended"} else ""
    return replace(_LINES[source](tuple(told), staff), origin=origins.of(import_id, row_id))


def _transaction(row: tuple[Any, ...], staff: Staff) -> Happening:
    at, source, _id, kind, amount, product = row
    label, flow = str(TransactionKind(kind).label), _FLOWS.get(kind, "")
    return Happening(at, source, label, product or "", amount, flow)


def _event(row: tuple[Any, ...], staff: Staff) -> Happening:
    at, source, _id, name, _amount, properties = row
    label = str(EVENTS.get(name, name))
    return Happening(at, source, label, _properties(properties, staff))


def _signal(row: tuple[Any, ...], staff: Staff) -> Happening:
    at, source, _id, kind, _amount, detail = row
    said = show("text", detail or "", staff)
    return Happening(at, source, str(SignalKind(kind).label), said)


def _touch(row: tuple[Any, ...], staff: Staff) -> Happening:
    at, source, _id, channel, _amount, campaign = row
    label = _("Touchpoint: %(channel)s") % {"channel": channel}
    return Happening(at, source, label, campaign or "")


def _stage(row: tuple[Any, ...], staff: Staff) -> Happening:
    at, source, _id, _kind, _amount, detail = row
    move = Transition(**json.loads(detail))
    before = f"{stage_name(move.from_stage, move.from_sub_state)} → " if move.from_stage else ""
    label = before + stage_name(move.to_stage, move.to_sub_state)
    return Happening(at, source, label, transition_reason(move), stage=move.to_stage or "")


def _warning(row: tuple[Any, ...], staff: Staff) -> Happening:
    at, source, _id, kind, _amount, evidence = row
    why = warning_reason(Warning(kind=kind, evidence=json.loads(evidence)))
    return Happening(at, source, _("Warning: %(kind)s") % {"kind": WarningKind(kind).label}, why)


def _record(row: tuple[Any, ...], staff: Staff) -> Happening:
    at, source, _id, kind, amount, detail = row
    return Happening(at, source, str(RECORDS[kind]), detail or "", amount)


_LINES: dict[str, Callable[[tuple[Any, ...], Staff], Happening]] = {
    "transaction": _transaction,
    "event": _event,
    "signal": _signal,
    "touch": _touch,
    "stage": _stage,
    "warning": _warning,
    "record": _record,
}


def _properties(text: str | None, staff: Staff) -> str:
    """The values of open properties; as they may hold anything, they are shown as free text is."""
    found = json.loads(text) if text else None
    words = (
        " · ".join(str(DEVICES.get(str(value), value)) for value in found.values())
        if isinstance(found, dict)
        else text or ""
    )
    return show("text", words, staff)[:200]
