"""Channels, spend, touches, events, signals, risk assessments and members: columns, rules, keys."""

from __future__ import annotations

import string
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.imports.column import Column, Fault, Reference, required
from crm.imports.columns import (
    DAMAGED_ID,
    DIGITS,
    amount,
    choice,
    code,
    currency,
    day,
    encrypted,
    instant,
    json_object,
    source_id,
    text,
    words,
)
from crm.imports.errors.row_errors import make_reason
from crm.imports.kinds import Batch, Derived, Kind, Undo, register
from crm.imports.values import fits
from members.profiles.imports import members, touches
from members.profiles.imports.columns import channel, identity, member, unerased_member
from members.profiles.models import InvestorType, RiskClass, Sex
from members.profiles.models.activity import SignalKind
from members.profiles.personal import normal_forms
from members.profiles.search import terms

EMAIL_SIGNS = string.ascii_letters + DIGITS + "@._-+%"

CHANNELS = Kind(
    "channels",
    "profiles_channel",
    (
        required(code("channel", 60, target="code")),
        text("name", 120, empty="s.channel"),
        text("name_en", 120),
        text("kind", 60),
    ),
    key=("code",),
    undo=Undo(("id",), removes=False),
    label=_("Channels"),
)

SPEND = Kind(
    "spend",
    "profiles_channelspend",
    (required(channel()), required(day("date")), required(amount("amount", zero=True)), currency()),
    key=("channel_id", "date"),
    undo=Undo(("id",)),
    label=_("Channel spend"),
)

TOUCHES = Kind(
    "touches",
    "profiles_touch",
    (
        source_id("touch_id"),
        required(instant("at")),
        required(channel()),
        text("campaign", 120),
        Column(
            "visitor_id",
            (*DAMAGED_ID, Fault("length(%(prefix)s || {v}) > 120", make_reason("too_long", size=120))),
            value="coalesce({v}, '')",
            reference=identity("visitor"),
            shows=fits.identifier,
        ),
        member(),
    ),
    key=("id",),
    rules=(
        (
            "visitor_id",
            Fault("s.visitor_id IS NULL AND s.member_id IS NULL", make_reason("visitor_or_member")),
        ),
    ),
    late=touches.LATE,
    merge=touches.merge,
    label=_("Touchpoints"),
)

EVENTS = Kind(
    "events",
    "profiles_event",
    (
        source_id("event_id"),
        required(unerased_member()),
        required(instant("at")),
        required(text("name", 60)),
        json_object("properties", mask="text"),
    ),
    key=("member_id", "id"),
    undo=Undo(("member_id", "id")),
    label=_("Events"),
)

SIGNALS = Kind(
    "signals",
    "profiles_signal",
    (
        source_id("signal_id"),
        required(member()),
        required(instant("at")),
        required(choice("kind", SignalKind.values)),
        text("detail", 500, mask="text"),
    ),
    key=("member_id", "id"),
    label=_("Churn signals"),
)


def _after(earlier: str, later: str, why: str) -> tuple[str, Fault]:
    return later, Fault(f"s.{later}::timestamptz < s.{earlier}::timestamptz", make_reason(why))


COMPLAINTS = Kind(
    "complaints",
    "profiles_complaint",
    (
        source_id("complaint_id"),
        required(member()),
        required(instant("received_at")),
        text("words", 1000, mask="text"),
        Column(
            "owner",
            target="owner_id",
            value="s.found_owner",
            reference=Reference(
                "LEFT JOIN staff_staff AS {alias} ON {alias}.username = {v}",
                "{alias}.id",
                make_reason("no_such_owner"),
            ),
            shows=fits.identifier,
        ),
        instant("answered_at"),
        text("answer", 1000, mask="text"),
        instant("closed_at"),
        text("resolution", 1000, mask="text"),
    ),
    key=("member_id", "id"),
    rules=(
        _after("received_at", "answered_at", "before_receipt"),
        _after("received_at", "closed_at", "before_receipt"),
    ),
    undo=Undo(("member_id", "id")),
    label=_("Complaints"),
)


def _latest_class(cursor: Any, batch: Batch) -> None:
    cursor.execute(members.LATEST_CLASS, batch.params)


def _class_again(cursor: Any, member_ids: list[int], now: datetime) -> None:
    cursor.execute(members.CLASS_AGAIN, {"members": member_ids, "now": now})


RISK_ASSESSMENTS = Kind(
    "risk_assessments",
    "profiles_riskassessment",
    (
        required(member()),
        required(day("assessed_on", latest="today")),
        required(choice("risk_class", RiskClass.values)),
        text("questionnaire_version", 40),
    ),
    key=("member_id", "assessed_on"),
    after=_latest_class,
    undo=Undo(("member_id", "assessed_on"), after=_class_again),
    label=_("Risk assessments"),
)

MEMBERS = Kind(
    "members",
    "profiles_member",
    (
        Column(
            "member_id",
            (*DAMAGED_ID, Fault("length({v}) > 120", make_reason("too_long", size=120))),
            target="outside_id",
            required=True,
            reference=identity("member"),
            shows=fits.identifier,
        ),
        instant("registered_at"),
        text("name", 120, mask="name", form="line"),
        encrypted("mobile", normal_forms.mobile, mask="mobile", signs=f"{DIGITS}+- ()"),
        encrypted("email", normal_forms.email, mask="email", signs=EMAIL_SIGNS),
        encrypted("id_number", normal_forms.id_number, mask="id_number", signs=f"{DIGITS}Xx"),
        encrypted("address", normal_forms.address, mask="address", indexed=False, form="line"),
        choice("sex", Sex.values),
        day("birth_date", latest="today", mask="birth_date"),
        text("region", 80),
        text("occupation", 80),
        text("income_band", 40),
        channel(),
        text("campaign", 120),
        Column(
            "referrer_id", DAMAGED_ID, target="referrer", reference=identity("member"), shows=fits.identifier
        ),
        choice("risk_class", RiskClass.values),
        day("risk_assessed_on", latest="today"),
        choice("investor_type", InvestorType.values),
        text("language", 12),
        words("tags", 60),
    ),
    rules=(
        ("referrer_id", Fault("s.referrer_id = s.member_id", make_reason("own_referrer"))),
        (
            "risk_assessed_on",
            Fault(
                "s.risk_assessed_on IS NOT NULL AND s.risk_class IS NULL", make_reason("risk_without_class")
            ),
        ),
        (
            "risk_class",
            Fault(
                "s.risk_class IS NOT NULL AND s.risk_assessed_on IS NULL", make_reason("class_without_date")
            ),
        ),
    ),
    late=members.LATE,
    merge=members.merge,
    known="t.id = p.found_member_id",
    # Class and date are those of one assessment: an empty cell never clears them.
    stored_as={
        "referrer_id": {"found_referrer_id": "t.referrer_id"},
        "risk_class": {},
        "risk_assessed_on": {},
    },
    defers=True,
    label=_("Members"),
    order=10,
    derived=Derived("search_text", ("name", "member_id"), lambda name, own: terms.search_text(name, [own])),
)


def publish() -> None:
    """Make the kinds known to the import."""
    register(CHANNELS, SPEND, TOUCHES, EVENTS, SIGNALS, COMPLAINTS, RISK_ASSESSMENTS, MEMBERS)
