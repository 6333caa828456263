"""What the records of members put into the timeline: events, signals, touchpoints, the profile itself."""

from __future__ import annotations

import json
from contextlib import suppress
from functools import partial

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.runtime.extension.registry import Registry
from crm.runtime.sql_files import sql_beside
from crm.staff.models import Staff
from members.profiles.complaints.handle import BY_HAND
from members.profiles.masking import masked_value
from members.profiles.models.activity import SignalKind
from members.profiles.timeline.registry import Entry, Kind, Row, Source, no_id

_sql = sql_beside(__file__)
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
COMPLAINTS: dict[str, str | Promise] = {
    "complaint_received": gettext_lazy("Complaint received"),
    "complaint_answered": gettext_lazy("Complaint answered"),
    "complaint_closed": gettext_lazy("Complaint closed"),
    "complaint_lapsed": gettext_lazy("Complaint lapsed, no resolution recorded"),
}
RECORDS: dict[str, str | Promise] = {
    "assessed": gettext_lazy("Risk assessment"),
    "kept": gettext_lazy("Relationship manager assigned"),
    "left": gettext_lazy("Relationship manager unassigned"),
    "known": gettext_lazy("First contact"),
    "registered": gettext_lazy("Registered"),
}
_names: Registry[str] = Registry("names in event properties")


def register_names(name: str, sql: str) -> None:
    """Publish how a code in an event's properties is told by name (from AppConfig.ready).

    `sql` selects at most one JSON object from the event `e`, which is merged into its properties.
    Raises RegisteredTwice.
    """
    _names.add(name, sql)


def _events_sql() -> str:
    named = "".join(f" || coalesce(({sql}), '{{}}')" for sql in _names.values())
    return _sql("events").replace("{named}", named)


def _event(row: Row, staff: Staff) -> Entry:
    return Entry(str(EVENTS.get(row.kind, row.kind)), _properties(row.detail, staff))


def _properties(text: str | None, staff: Staff) -> str:
    """The values of open properties; as they may hold anything, they are shown as free text is.

    PostgreSQL keeps JSON that Python cannot read (numbers of 5000 digits, thousands of levels): that is shown
    as it stands.
    """
    words = text or ""
    with suppress(ValueError, RecursionError):
        found = json.loads(words) if words else None
        if isinstance(found, dict):
            words = " · ".join(str(DEVICES.get(str(value), value)) for value in found.values())
    return masked_value("text", words, staff)[:200]


def _signal(row: Row, staff: Staff) -> Entry:
    return Entry(str(SignalKind(row.kind).label), masked_value("text", row.detail or "", staff))


def _complaint(row: Row, staff: Staff) -> Entry:
    return Entry(str(COMPLAINTS[row.kind]), masked_value("text", row.detail or "", staff))


def _complaint_id(row: Row) -> str:
    return "" if row.id.startswith((BY_HAND, "signal ")) else row.id.rpartition(" ")[0]


def _touch(row: Row, staff: Staff) -> Entry:
    return Entry(_("Touchpoint: %(channel)s") % {"channel": row.kind}, row.detail or "")


def _record(row: Row, staff: Staff) -> Entry:
    return Entry(str(RECORDS[row.kind]), row.detail or "", row.amount)


PROFILE = Kind("record", gettext_lazy("Profile and assignment"), 70)
SOURCES = (
    Source("event", Kind("event", gettext_lazy("Events"), 20), _events_sql, _event),
    Source("signal", Kind("signal", gettext_lazy("Churn signals"), 30), partial(_sql, "signals"), _signal),
    Source(
        "complaint",
        Kind("complaint", gettext_lazy("Complaints"), 25),
        partial(_sql, "complaints"),
        _complaint,
        outside_id=_complaint_id,
    ),
    Source("touch", Kind("touch", gettext_lazy("Touchpoints"), 40), partial(_sql, "touches"), _touch),
    Source("record", PROFILE, partial(_sql, "profile"), _record, outside_id=no_id),
)
