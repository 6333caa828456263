"""What members did, as profiles record it: events, logins, touches, signals, complaints, assessments."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from members.profiles.fields.origin import channels
from members.profiles.fields.risk import risk_classes
from members.profiles.models.activity import LOGIN, SignalKind
from members.profiles.privacy import CLASSES
from members.rules.catalogue.activities import Activity, Property
from members.rules.catalogue.types import Choice, Type

_EVENT, _TOUCH, _SIGNAL = CLASSES["Event"], CLASSES["Touch"], CLASSES["Signal"]
_COMPLAINT, _ASSESSMENT = CLASSES["Complaint"], CLASSES["RiskAssessment"]
_THROUGH_CHANNEL = "a.channel_id IN (SELECT c.id FROM profiles_channel AS c WHERE {condition})"


def _signals() -> Sequence[Choice]:
    return [Choice(value, label) for value, label in SignalKind.choices]


ACTIVITIES = (
    Activity(
        name="event",
        label=_("Behaviour event"),
        did=_("had a behaviour event"),
        table="profiles_event",
        at="a.at",
        privacy=(_EVENT["at"], _EVENT["name"]),
        properties=(
            Property(
                name="name", label=_("Event name"), type=Type.TEXT, sql="a.name", privacy=(_EVENT["name"],)
            ),
            Property(
                name="properties",
                label=_("Properties"),
                type=Type.TEXT,
                sql="a.properties",
                privacy=(_EVENT["properties"],),
                open=True,
            ),
        ),
        searched_by=("page view", "task"),
    ),
    Activity(
        name="login",
        label=_("Login"),
        did=_("logged in"),
        table="profiles_event",
        at="a.at",
        condition=f"a.name = '{LOGIN}'",
        privacy=(_EVENT["at"], _EVENT["name"]),
        searched_by=("visit", "silent"),
    ),
    Activity(
        name="touch",
        label=_("Touchpoint"),
        did=_("had a touchpoint"),
        table="profiles_touch",
        at="a.at",
        privacy=(_TOUCH["at"],),
        properties=(
            Property(
                name="channel",
                label=_("Channel"),
                type=Type.CHOICE,
                sql="c.code",
                privacy=(_TOUCH["channel"],),
                choices=channels,
                through=_THROUGH_CHANNEL,
                tables=("profiles_channel",),
            ),
            Property(
                name="campaign",
                label=_("Campaign"),
                type=Type.TEXT,
                sql="a.campaign",
                privacy=(_TOUCH["campaign"],),
            ),
        ),
        searched_by=("advertisement", "contact"),
    ),
    Activity(
        name="signal",
        label=_("Churn signal"),
        did=_("sent a churn signal"),
        table="profiles_signal",
        at="a.at",
        privacy=(_SIGNAL["at"], _SIGNAL["kind"]),
        properties=(
            Property(
                name="kind",
                label=_("Type"),
                type=Type.CHOICE,
                sql="a.kind",
                privacy=(_SIGNAL["kind"],),
                choices=_signals,
            ),
        ),
        searched_by=("closing",),
    ),
    Activity(
        name="complaint",
        label=_("Complaint"),
        did=_("filed a complaint"),
        table="profiles_complaint",
        at="a.received_at",
        privacy=(_COMPLAINT["received_at"],),
        properties=(
            Property(
                name="closed_at",
                label=_("Closing date"),
                type=Type.INSTANT,
                sql="a.closed_at",
                privacy=(_COMPLAINT["closed_at"],),
                counts_from_itself=True,
            ),
            Property(
                name="answered_at",
                label=_("Answer date"),
                type=Type.INSTANT,
                sql="a.answered_at",
                privacy=(_COMPLAINT["answered_at"],),
                counts_from_itself=True,
            ),
        ),
    ),
    Activity(
        name="risk_assessment",
        label=_("Risk assessment"),
        did=_("completed a risk assessment"),
        table="profiles_riskassessment",
        at="a.assessed_on",
        by_day=True,
        privacy=(_ASSESSMENT["assessed_on"],),
        properties=(
            Property(
                name="risk_class",
                label=_("Risk class"),
                type=Type.CHOICE,
                sql="a.risk_class",
                privacy=(_ASSESSMENT["risk_class"],),
                choices=risk_classes,
            ),
        ),
        searched_by=("questionnaire",),
    ),
)
