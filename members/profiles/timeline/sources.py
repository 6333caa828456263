"""What the records of members put into the timeline: events, signals, touchpoints, the profile itself."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from functools import partial
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.runtime.extension.registry import Registry
from crm.runtime.sql_files import sql_beside
from crm.staff.models import Staff
from crm.staff.privacy.mask_levels import masked_value
from members.profiles.complaints.handle import BY_HAND
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
PAGE_EVENTS = ("page", "page_view")
# How addresses of our own apps begin, and what stands there.
PAGES: dict[str, str | Promise] = {
    "/": gettext_lazy("Viewed the home page"),
    "/home": gettext_lazy("Viewed the home page"),
    "/market": gettext_lazy("Viewed the market"),
    "/products": gettext_lazy("Viewed the product list"),
    "/lessons": gettext_lazy("Viewed investor education"),
    "/assets": gettext_lazy("Viewed own assets"),
    "/offers": gettext_lazy("Viewed offers"),
    "/support": gettext_lazy("Viewed support"),
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
    "assigned": gettext_lazy("Relationship manager assigned"),
    "left": gettext_lazy("Relationship manager unassigned"),
    "known": gettext_lazy("First contact"),
    "registered": gettext_lazy("Registered"),
}
Properties = dict[str, Any] | str
_names: Registry[str] = Registry("names in event properties")


def register_names(name: str, sql: str) -> None:
    """Publish how a code in an event's properties is told by name (from AppConfig.ready).

    `sql` selects at most one JSON object from the event `e`, which is merged into its properties; `{page}` in
    it stands for the address of the page that the event names. `product` is the name of the product shown
    there. Raises RegisteredTwice.
    """
    _names.add(name, sql)


# Where systems write the address of a page: in the name ("page:/product/123"), or in one of these properties.
_PAGE = """coalesce(e.properties ->> 'path', e.properties ->> 'page', e.properties ->> 'url',
    substring(e.name FROM '^page:(.*)$'))"""
_ADDRESSES = ("path", "page", "url")
_HOST = re.compile(r"^[a-z]+://[^/]*")


def _events_sql() -> str:
    named = "".join(f" || coalesce(({sql.replace('{page}', _PAGE)}), '{{}}')" for sql in _names.values())
    return _sql("events").replace("{named}", named)


def _event(row: Row, staff: Staff) -> Entry:
    found = _open_properties(row.detail)
    name, _colon, address = row.kind.partition(":")
    if name in PAGE_EVENTS and masked_value("text", address or "/", staff) == (address or "/"):
        label, found = _page(address, found)
    else:
        label = str(EVENTS.get(name, row.kind))
    return Entry(label, _shown(found, staff), folds=partial(_many, name))


def _many(name: str, count: int) -> str:
    """So many events of one kind."""
    shown = {"count": count, "label": EVENTS.get(name, name)}
    if name == "login":
        return ngettext("%(count)s login", "%(count)s logins", count) % shown
    if name in PAGE_EVENTS:
        return ngettext("%(count)s page view", "%(count)s page views", count) % shown
    return _("%(label)s × %(count)s") % shown


def _page(address: str, found: Properties) -> tuple[str, Properties]:
    """A page that was viewed in words, and the properties that this does not tell."""
    if not isinstance(found, dict):
        return str(EVENTS["page"]), found
    rest = dict(found)
    product = rest.pop("product", None)
    for name in _ADDRESSES:
        if isinstance(rest.get(name), str):
            address = address or rest.pop(name)
    path = _HOST.sub("", address).partition("?")[0].rstrip("/") or "/"
    if product:
        return _("Viewed product %(name)s") % {"name": product}, rest
    if address and path in PAGES:
        return str(PAGES[path]), rest
    return str(EVENTS["page"]), {"path": address, **rest} if address else rest


def _open_properties(text: str | None) -> Properties:
    """The properties of an event; the text where Python cannot read it.

    PostgreSQL keeps JSON that Python cannot read (numbers of 5000 digits, thousands of levels).
    """
    with suppress(ValueError, RecursionError):
        found = json.loads(text) if text else {}
        if isinstance(found, dict):
            return found
    return text or ""


def _shown(found: Properties, staff: Staff) -> str:
    """The values of properties; as they may hold anything, they are shown as free text is."""
    words = (
        found
        if isinstance(found, str)
        else " · ".join(str(DEVICES.get(str(value), value)) for value in found.values())
    )
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
    detail = row.detail or ""
    if row.kind == "assigned":
        detail = _assignment(json.loads(detail), staff)
    return Entry(str(RECORDS[row.kind]), detail, row.amount)


def _assignment(given: dict[str, str | None], staff: Staff) -> str:
    """Who took over from whom, the note as free text is shown, and who assigned."""
    parts = [f"{given['from']} → {given['to']}" if given["from"] else given["to"]]
    parts.append(masked_value("text", given["note"] or "", staff))
    if given["by"]:
        parts.append(_("assigned by %(name)s") % {"name": given["by"]})
    return " · ".join(part for part in parts if part)


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
