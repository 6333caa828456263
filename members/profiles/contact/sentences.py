"""The contact policy in words: hours, caps, why something is refused, what a request changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.staff.models import Request
from crm.web import formats
from members.profiles.contact import log
from members.profiles.contact.policy import ALL, PERIODS, Refusal
from members.profiles.models import ContactChannel, ContactPolicy, Purpose

Line = tuple[str | Promise, str, str]  # what changes, before, after
POLICY_KIND = gettext_lazy("Contact policy")
PERIOD_LABELS: Mapping[str, Promise] = {
    "day": gettext_lazy("in 24 hours"),
    "week": gettext_lazy("in 7 days"),
    "month": gettext_lazy("in 30 days"),
}

REFUSALS: dict[str, Promise] = {
    Refusal.BAD_TIME: gettext_lazy(
        "Quiet hours need a start and an end that differ, such as 21:00 and 09:00."
    ),
    Refusal.BAD_CAP: gettext_lazy("A cap is a whole number from 1 to %(most)s. Leave it empty for no cap."),
    Refusal.CAPS_FALL: gettext_lazy("A longer period cannot allow fewer contacts than a shorter one."),
    Refusal.NO_CHANGES: gettext_lazy("Nothing differs from the latest version."),
    Refusal.TOO_EARLY: gettext_lazy(
        "A new version starts tomorrow at the earliest, and not before the latest one."
    ),
    Refusal.BASE_CHANGED: gettext_lazy("Another version was approved meanwhile. Propose the change again."),
    log.Refusal.IN_THE_FUTURE: gettext_lazy("A contact cannot be recorded before it happens."),
}


def kind_label(kind: str) -> str:
    """A kind of contact, or all of them together."""
    return _("All contacts except service") if kind == ALL else str(Purpose(kind).label)


def hours_text(hours: Mapping[str, Any] | None) -> str:
    """Quiet hours of a channel: "21:00–09:00, and on days off"."""
    if not hours or not (hours["start"] or hours["working_days"]):
        return _("no quiet hours")
    span = f"{hours['start']}–{hours['end']}" if hours["start"] else ""
    if not hours["working_days"]:
        return span
    return _("%(hours)s, and on days off") % {"hours": span} if span else _("on days off")


def caps_text(cap: Mapping[str, int | None] | None) -> str:
    """The caps of a kind: "2 in 24 hours · 5 in 7 days"."""
    told = [f"{cap[period]} {PERIOD_LABELS[period]}" for period in PERIODS if cap and cap.get(period)]
    return " · ".join(told) or _("no cap")


def version_text(policy: ContactPolicy) -> str:
    """Which version applies."""
    if not policy.version:
        return _("as shipped")
    params = {"version": policy.version, "day": formats.day(policy.effective_from)}
    return _("version %(version)s since %(day)s") % params


def policy_summary(request: Request) -> str:
    """How much changes."""
    count = len(request.diff)
    words = ngettext("Contact policy: %(count)s change", "Contact policy: %(count)s changes", count)
    return words % {"count": count}


def policy_lines(request: Request) -> Sequence[Line]:
    """What changes by channel and kind, and from which day on."""
    lines: list[Line] = []
    for name, (before, after) in request.diff.items():
        part, _dot, key = name.partition(".")
        if part == "quiet":
            label = _("Quiet hours: %(channel)s") % {"channel": ContactChannel(key).label}
            lines.append((label, hours_text(before), hours_text(after)))
        else:
            label = _("Cap: %(kind)s") % {"kind": kind_label(key)}
            lines.append((label, caps_text(before), caps_text(after)))
    start = date.fromisoformat(request.proposal["effective_from"])
    return [*lines, (_("Effective from"), "", formats.day(start))]
