"""Consents, contacts and the rights of members for the world in which every address is tried."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from crm.staff.four_eyes import requests
from crm.staff.models import Role
from members.profiles.consent import texts
from members.profiles.contact.pages.forms import PolicyForm
from members.profiles.contact.policy import latest_policy
from members.profiles.models import Purpose, RightsRequest, Suppression
from members.profiles.rights import erase
from tests.crm.cast import NOW, staff_of
from tests.members.profiles.people import member_with

REASON = "because it is tested"
TODAY = NOW.date().isoformat()
TOMORROW = (NOW.date() + timedelta(days=1)).isoformat()
KEY = "0" * 32


def agreed(asked: requests.Request) -> None:
    """What was proposed, approved by a second person."""
    requests.approve(request_id=asked.pk, checker=staff_of(Role.COMPLIANCE), opinion="as agreed", now=NOW)


def consent_text() -> None:
    """A text of general marketing in force."""
    maker, words = staff_of(Role.OPERATIONS), {"text": "同意接收营销信息", "text_en": "I agree"}
    agreed(
        texts.propose(
            Purpose.MARKETING, **words, effective_from=NOW.date(), reason=REASON, maker=maker, now=NOW
        )
    )


def open_requests(*member_ids: int) -> tuple[int, ...]:
    """An open request for access of each of these members."""
    staff = staff_of(Role.CUSTOMER_SERVICE)
    return tuple(
        RightsRequest.objects.create(
            member_id=member_id, key=KEY, kind="access", received_at=NOW, due_on=NOW.date(), words="all",
            verified="ID seen", recorded_by=staff,
        ).id
        for member_id in member_ids
    )  # fmt: skip


def suppression() -> int:
    """An entry of the list."""
    return Suppression.objects.create(
        channel="sms", address_hash=b"1", scope="all", reason="opt_out", since=NOW
    ).pk


def erased() -> int:
    """A member whose data were erased, some of them sealed."""
    gone = member_with(name="诸葛亮", at=NOW - timedelta(days=90))
    gone.riskassessment_set.create(assessed_on=NOW.date(), risk_class="C3")
    agreed(erase.propose(gone.pk, reason=REASON, maker=staff_of(Role.CUSTOMER_SERVICE), now=NOW))
    return gone.pk


def _policy(*_: Any) -> dict[str, Any]:
    """As the form begins, with one value changed."""
    form = PolicyForm(latest_policy(), NOW.date())
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value} | {"all_day": 1, "reason": REASON}


def _always(**form: str) -> Any:
    return lambda world, is_others: form


# {address: (the table in which it shows, its form)}
RIGHTS: dict[str, tuple[str, Any]] = {
    "consent-give": (
        "profiles_consent",
        _always(
            purpose="marketing", channel="sms", source="call", said_on=TODAY, evidence="recording 7", key=KEY
        ),
    ),
    "consent-withdraw": ("profiles_consent", _always()),
    "contact-new": ("profiles_contact", _always(channel="phone", kind="service", direction="out", key=KEY)),
    "contact-preference": ("profiles_contactpreference", _always(time_zone="Asia/Tokyo")),
    "unsubscribe": ("profiles_consent", _always()),
    "suppression-find": ("", _always(address="13800138000")),
    "suppression-new": (
        "profiles_suppression",
        _always(channel="sms", address="13800138001", scope="all", reason="opt_out"),
    ),
    "suppression-lift": ("staff_request", _always(reason=REASON)),
    "contact-policy": ("staff_request", _policy),
    "consent-texts": (
        "staff_request",
        _always(purpose="education", text="同意", text_en="", effective_on=TOMORROW, reason=REASON),
    ),
    "rights-new": (
        "profiles_rightsrequest",
        _always(kind="export", words="my data", verified="ID card seen", received_on=TODAY, key="1" * 32),
    ),
    "rights-answer": ("profiles_rightsrequest", _always(state="refused", words="not yours")),
    "rights-export": ("staff_export", _always()),
    "rights-erase": ("staff_request", _always(reason=REASON)),
    "rights-sealed": ("staff_reveal", _always(reason=REASON)),
}
