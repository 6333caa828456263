"""A member's explanation in words: why this stage, on which facts, and what comes next."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from crm.web import formats
from members.lifecycle.forecast.explain import (
    HORIZON_DAYS,
    Explanation,
    Input,
    Reason,
    ReasonKey,
    StageChange,
    WarningChange,
)
from members.lifecycle.forecast.rhythm import Silence
from members.lifecycle.models import Policy, WarningKind
from members.lifecycle.sentences.distances import DistanceText, distance_texts
from members.lifecycle.sentences.params import capitalised, formatted
from members.lifecycle.sentences.stages import stage_name

REASONS: dict[ReasonKey, str] = {
    ReasonKey.UNKNOWN: gettext_noop("No record of this member at that time"),
    ReasonKey.ACQUISITION: gettext_noop("Lead, not registered"),
    ReasonKey.ACTIVATION: gettext_noop("Registered, no investment yet"),
    ReasonKey.GROWTH_WARNED: gettext_noop("Invested, not yet mature; churn warning: %(warnings)s"),
    ReasonKey.GROWTH: gettext_noop("Invested, no churn signs, not yet mature"),
    ReasonKey.MATURITY: gettext_noop("Assets at or above %(limit)s on each of the last %(days)s"),
    ReasonKey.IDLE: gettext_noop("no login or trade for %(days)s"),
    ReasonKey.AUM_FALL: gettext_noop(
        "assets down from %(peak)s on %(day)s to %(aum)s now; recovered at %(limit)s"
    ),
    ReasonKey.NOT_REINVESTED: gettext_noop(
        "money paid out was not reinvested by %(day)s: assets fell from %(peak)s to %(aum)s; "
        "recovered at %(limit)s"
    ),
    ReasonKey.CLOSING: gettext_noop("requested account closure on %(day)s"),
    ReasonKey.HOLDS_ASSETS: gettext_noop("still holds %(aum)s"),
    ReasonKey.EMPTIED: gettext_noop("account cleared, assets at or below %(limit)s"),
    ReasonKey.CLEARED: gettext_noop("Invested before, account cleared: assets at or below %(limit)s"),
}
WARNING_CHANGES: dict[bool, str] = {  # by whether it is raised
    True: gettext_noop("Without new activity, the warning “%(warning)s” is raised on %(day)s (in %(in)s)."),
    False: gettext_noop("Without new activity, the warning “%(warning)s” clears on %(day)s (in %(in)s)."),
}
LABELS: dict[str, str] = {
    "known_at": gettext_noop("First contact"),
    "registered_at": gettext_noop("Registered"),
    "first_invested_at": gettext_noop("First investment"),
    "aum": gettext_noop("Assets"),
    "peak_aum": gettext_noop("Peak in the last %(days)s"),
    "held": gettext_noop("Paid out, counts as held until"),
    "fall_peak_aum": gettext_noop("Peak before the fall"),
    "trough": gettext_noop("Lowest since the fall"),
    "idle_days": gettext_noop("Days inactive"),
    "last_login_at": gettext_noop("Last login"),
    "last_trade_at": gettext_noop("Last trade"),
    "steady_since": gettext_noop("Assets at or above %(limit)s since"),
    "tenure_days": gettext_noop("Time since registration"),
    "closing_at": gettext_noop("Account closure request"),
    "complaint_at": gettext_noop("Complaint"),
}
_VALUES: dict[str, Callable[[Any], str]] = {
    "aum": formats.money,
    "peak_aum": formats.money,
    "fall_peak_aum": formats.money,
    "held": formats.money,
    "trough": formats.money,
    "idle_days": formats.number,
    "last_login_at": formats.moment,
    "last_trade_at": formats.moment,
    "tenure_days": formats.days,
}


@dataclass(frozen=True, slots=True)
class InputText:
    """One fact in words: label, value, the day it is from (where it is known) and the policy's threshold."""

    name: str
    label: str
    value: str
    at: date | datetime | None
    threshold: str


@dataclass(frozen=True)
class ExplanationText:
    """The sentences of one explanation, each made when it is asked for: pages show different ones."""

    explanation: Explanation

    @cached_property
    def decided_by(self) -> str:
        """What decided the stage."""
        return reasons_text(self.explanation.reasons)

    @cached_property
    def inputs(self) -> list[InputText]:
        """The facts behind the decision."""
        return [_input(one, self.explanation.policy) for one in self.explanation.inputs]

    @cached_property
    def distances(self) -> list[DistanceText]:
        """What leads to the neighbouring stages."""
        return distance_texts(self.explanation.distances)

    @cached_property
    def expected(self) -> StageChange | None:
        """The next change of stage or sub-state, where it comes soon enough to act on."""
        change = self.explanation.next_change
        return change if change and change.days <= HORIZON_DAYS else None

    @cached_property
    def next_change(self) -> str:
        """The change of stage or sub-state to expect, or that there is none to expect."""
        if self.expected:
            text = _("Without new activity, moves to %(stage)s on %(day)s (in %(in)s).")
            stage = stage_name(self.expected.stage, self.expected.sub_state)
            return text % {"stage": stage, **_when(self.expected)}
        if self.explanation.warning_changes:
            return _("No stage change expected in the next %(days)s.") % {"days": formats.days(HORIZON_DAYS)}
        return _("No change expected in the next %(days)s.") % {"days": formats.days(HORIZON_DAYS)}

    @cached_property
    def next_change_reason(self) -> str:
        """Why the stage changes; a policy that is not in force yet is named as a cause."""
        change = self.expected
        if change is None:
            return ""
        decided = reasons_text(change.reasons)
        if change.policy.version == self.explanation.policy.version:
            return decided
        params = {
            "version": change.policy.version,
            "day": formats.day(change.policy.effective_from),
            "decided": decided[:1].lower() + decided[1:],
        }
        return _("Policy v%(version)s takes effect on %(day)s: %(decided)s") % params

    @cached_property
    def warning_changes(self) -> list[str]:
        """The warnings to be raised or cleared before that."""
        return [
            _(WARNING_CHANGES[one.raised]) % {"warning": WarningKind(one.kind).label, **_when(one)}
            for one in self.explanation.warning_changes
        ]

    @cached_property
    def upcoming_policy(self) -> str:
        """That another policy is going to be in force; empty where none is stored."""
        policy = self.explanation.upcoming_policy
        if policy is None:
            return ""
        params = {
            "version": policy.version,
            "day": formats.day(policy.effective_from),
            "current": self.explanation.policy.version,
        }
        return (
            _("Policy v%(version)s takes effect on %(day)s. The conditions below use v%(current)s.") % params
        )


def silence_text(silence: Silence) -> str:
    """That a silence is unusual for this member."""
    params = {"days": formats.days(silence.days), "usual": formats.days(silence.usual)}
    return _("Unusual for this member: no login for %(days)s, usually one every %(usual)s.") % params


def reasons_text(reasons: Iterable[Reason]) -> str:
    """The reasons of a stage in one sentence without a full stop."""
    return capitalised(_("; ").join(_(REASONS[one.key]) % formatted(one.params) for one in reasons))


def _when(change: StageChange | WarningChange) -> dict[str, str]:
    return {"day": formats.day(change.at), "in": formats.days(change.days)}


def _input(one: Input, policy: Policy) -> InputText:
    label = _(LABELS[one.name])
    if one.name == "peak_aum":
        label %= {"days": formats.days(policy.fall_window_days)}
    elif one.name == "steady_since":
        label %= {"limit": formats.money(policy.mature_aum)}
    value = _VALUES.get(one.name, formats.day)(one.value)
    if one.or_earlier:
        value = _("%(day)s or earlier") % {"day": value}
    return InputText(one.name, label, value, one.at, _threshold(one))


def _threshold(one: Input) -> str:
    if one.threshold is None:
        return ""
    if one.name == "idle_days":
        return formats.days(int(one.threshold))
    if one.name == "trough":
        return _("recovered at %(limit)s") % {"limit": formats.money(Decimal(one.threshold))}
    if one.name in {"peak_aum", "fall_peak_aum"}:
        return _("%(share)s fall") % {"share": formats.share(one.threshold)}
    if one.name == "aum":
        return _("%(limit)s for Maturity") % {"limit": formats.money(Decimal(one.threshold))}
    return _("%(days)s for Maturity") % {"days": formats.days(int(one.threshold))}
