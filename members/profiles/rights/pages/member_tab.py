"""The tab of consents, contacts and rights on the member page, one part at a time.

Each part stays within the queries that the member page leaves to a tab.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.runtime.clock import day_of
from crm.staff.permissions import may
from crm.staff.privacy.mask_levels import masked_value
from crm.web.components import tabs
from crm.web.responses import BadQuery, StaffRequest
from members.profiles.consent.state import states, suppressed_channels
from members.profiles.contact.policy import policy_on
from members.profiles.contact.sentences import hours_text
from members.profiles.contact.timing import next_by_channel
from members.profiles.member_page.tabs import Tab
from members.profiles.member_view import MemberView
from members.profiles.models import (
    CONSENT_PURPOSES,
    Consent,
    Contact,
    ContactChannel,
    ContactPreference,
    Erasure,
    Purpose,
    RightsRequest,
    SuppressionScope,
)
from members.profiles.permissions import (
    HANDLE_RIGHTS,
    OPEN_SEALED,
    RECORD_CONSENT,
    SEE_CONSENT,
    WITHDRAW_CONSENT,
)

KEY = "consent"
SHOWN = 30  # rows of a history
Read = Callable[[StaffRequest, MemberView, datetime], dict[str, Any]]


@dataclass(frozen=True)
class Cell:
    """What a member last said of a purpose on a channel; without a row nothing yet."""

    purpose: str
    channel: str
    label: str  # of the channel
    row: Consent | None


def _consents(request: StaffRequest, member: MemberView, now: datetime) -> dict[str, Any]:
    """Three queries."""
    found = states(member.id, now)
    suppressed = suppressed_channels(member.id, now)
    history = Consent.objects.filter(member=member.id, at__lte=now).select_related("by")
    return {
        "channels": [(one.value, one.label) for one in ContactChannel],
        "rows": _matrix(found),
        "suppressed": [
            (ContactChannel(channel).label, SuppressionScope(scope).label)
            for channel, scope in sorted(suppressed.items())
        ],
        "history": [
            (row, masked_value("text", row.evidence, request.user, own=member.own))
            for row in history.order_by("-at", "-id")[:SHOWN]
        ],
        "may_record": may(request.user, RECORD_CONSENT),
        "may_withdraw": may(request.user, WITHDRAW_CONSENT),
    }


def _matrix(found: dict[tuple[str, str, str], Consent]) -> list[tuple[str, list[Cell]]]:
    """A row for each purpose, and for each recipient of purposes that name one."""
    rows: list[tuple[str, list[Cell]]] = []
    for purpose in CONSENT_PURPOSES:
        recipients = sorted({key[2] for key in found if key[0] == purpose}) or [""]
        for recipient in recipients:
            label = f"{purpose.label} · {recipient}" if recipient else str(purpose.label)
            cells = [
                Cell(purpose, one, str(one.label), found.get((purpose.value, one.value, recipient)))
                for one in ContactChannel
            ]
            rows.append((label, cells))
    return rows


def _contacts(request: StaffRequest, member: MemberView, now: datetime) -> dict[str, Any]:
    """Five queries."""
    policy = policy_on(day_of(now))
    following = next_by_channel(member.id, Purpose.MARKETING, policy, now=now)
    contacts = Contact.objects.filter(member=member.id, at__lte=now).select_related("staff")
    return {
        "next": [
            (channel.label, one, hours_text(policy.quiet[channel.value]))
            for channel, one in following.items()
        ],
        "now": now,
        "preference": ContactPreference.objects.filter(pk=member.id).first(),
        "contacts": [
            (row, masked_value("text", row.words, request.user, own=member.own))
            for row in contacts.order_by("-at", "-id")[:SHOWN]
        ],
        "may_record": may(request.user, RECORD_CONSENT),
    }


def _rights(request: StaffRequest, member: MemberView, now: datetime) -> dict[str, Any]:
    """Two queries."""
    rows = RightsRequest.objects.filter(member=member.id).select_related("recorded_by", "answered_by")
    return {
        "requests": [
            (
                row,
                *(
                    masked_value("text", text, request.user, own=member.own)
                    for text in (row.words, row.answer)
                ),
            )
            for row in rows.order_by("-received_at", "-id")[:SHOWN]
        ],
        "erasure": Erasure.objects.filter(pk=member.id).first(),
        "today": day_of(now),
        "may_handle": may(request.user, HANDLE_RIGHTS),
        "may_open": may(request.user, OPEN_SEALED),
    }


PARTS: dict[str, tuple[str | Promise, Read]] = {
    "consents": (gettext_lazy("Consents"), _consents),
    "contacts": (gettext_lazy("Contacts"), _contacts),
    "rights": (gettext_lazy("Data requests"), _rights),
}


def context(request: StaffRequest, member: MemberView, now: datetime) -> dict[str, Any]:
    """The part that `?part=` names, the first one without. Raises BadQuery."""
    part = request.GET.get("part") or next(iter(PARTS))
    if part not in PARTS:
        raise BadQuery(_("Invalid value for “%(name)s”.") % {"name": "part"})
    labels = [(key, label) for key, (label, _read) in PARTS.items()]
    return {
        "part": part,
        "parts": tabs(labels, part, QueryDict(f"tab={KEY}"), name="part"),
        "member_id": member.id,
        **PARTS[part][1](request, member, now),
    }


TAB = Tab(KEY, gettext_lazy("Consent and contact"), 35, "profiles/rights/tab.html", context, SEE_CONSENT)
