"""Explain a member's stage: what decided, on which facts, how far the others are, and what comes when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from crm.runtime.clock import day_of
from members.lifecycle.evaluation.answer import Answer
from members.lifecycle.evaluation.bits import RULES, WARNINGS, bit_names
from members.lifecycle.evaluation.evaluate_few import Evaluation
from members.lifecycle.forecast.distances import Distance, distances
from members.lifecycle.forecast.forecast import Forecast, forecast_member
from members.lifecycle.models import Policy, Stage, SubState
from members.profiles.models import Member

HORIZON_DAYS = 30  # what comes later nobody can act on yet

Value = Decimal | int | date | datetime | tuple[str, ...]


class UnknownMember(LookupError):
    """No member has this id."""


class EvaluationFailed(LookupError):
    """The facts of this member cannot be evaluated."""


class ReasonKey(StrEnum):
    """Why a stage holds: the stage itself, or in decline its rules; behind each key its parameters."""

    UNKNOWN = "unknown"
    ACQUISITION = "acquisition"
    ACTIVATION = "activation"
    GROWTH = "growth"
    GROWTH_WARNED = "growth_warned"  # warnings
    MATURITY = "maturity"  # limit, days
    IDLE = "idle"  # days
    AUM_FALL = "aum_fall"  # aum, peak, day, limit
    NOT_REINVESTED = "not_reinvested"  # aum, peak, day, limit
    CLOSING = "closing"  # day
    HOLDS_ASSETS = "holds_assets"  # aum; beside a rule: dormant, not gone
    EMPTIED = "emptied"  # limit; beside a rule: churned
    CLEARED = "cleared"  # limit; in growth


@dataclass(frozen=True, slots=True)
class Reason:
    """A key with its parameters: amounts in platform currency, numbers of days, dates, names of warnings."""

    key: ReasonKey
    params: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Input:
    """One fact that the decision rests on: its value, when it is from, and the policy's threshold for it.

    Amounts in platform currency, numbers of days, dates; the threshold of `peak_aum` is a share.
    `or_earlier`: the value is the first day that the rules look at, the fact itself may be older.
    """

    name: str
    value: Value
    at: date | datetime | None = None
    threshold: Decimal | int | None = None
    or_earlier: bool = False


@dataclass(frozen=True, slots=True)
class StageChange:
    """A change of stage or sub-state to come: `days` from today, for these reasons, under this policy."""

    at: datetime
    days: int
    stage: str | None
    sub_state: str | None
    reasons: tuple[Reason, ...]
    policy: Policy


@dataclass(frozen=True, slots=True)
class WarningChange:
    """A warning, by its WarningKind, that is raised or clears `days` from today while the stage stays."""

    kind: str
    raised: bool
    at: datetime
    days: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """A stage at an instant with its reasons; members.lifecycle.sentences.explanation puts it into words.

    `rules` and `warnings` are names (members.lifecycle.evaluation.bits). `due_at` is the first instant at
    which anything of the answer changes under `policy`. `next_change` is the first change of stage or
    sub-state if no fact is added, None where time alone brings none; `warning_changes` come before it and
    within HORIZON_DAYS. `upcoming_policy` is stored and not in force yet.
    """

    member_id: int
    at: datetime
    policy: Policy
    stage: str | None
    sub_state: str | None
    rules: list[str]
    warnings: list[str]
    reasons: tuple[Reason, ...]
    inputs: list[Input]
    distances: list[Distance]
    due_at: datetime | None
    next_change: StageChange | None
    warning_changes: list[WarningChange]
    upcoming_policy: Policy | None


def explain(member_id: int, now: datetime) -> Explanation:
    """Why this member is in this stage at this instant, from the facts themselves.

    One query, mostly a second one (members.lifecycle.forecast.forecast). Raises UnknownMember and
    EvaluationFailed.
    """
    forecast = forecast_member(member_id, now)
    if forecast is None:
        if Member.objects.filter(pk=member_id).exists():
            raise EvaluationFailed(f"member {member_id} cannot be evaluated")
        raise UnknownMember(f"no member has the id {member_id}")
    answer, policy = forecast.now.answer, forecast.now.policy
    return Explanation(
        member_id=member_id,
        at=now,
        policy=policy,
        stage=answer.stage,
        sub_state=answer.sub_state,
        rules=bit_names(answer.rules, RULES),
        warnings=bit_names(answer.warnings, WARNINGS),
        reasons=_reasons(answer, policy),
        inputs=_inputs(answer, policy),
        distances=distances(answer, policy),
        due_at=answer.due_at,
        next_change=_stage_change(forecast.stage_change, answer.day) if forecast.stage_change else None,
        warning_changes=_warning_changes(forecast),
        upcoming_policy=forecast.upcoming_policy,
    )


def idle_days(answer: Answer) -> int | None:
    """Days since the member was last active; None before the first investment."""
    return (answer.day - answer.active_on).days if answer.active_on else None


def _reasons(answer: Answer, policy: Policy) -> tuple[Reason, ...]:
    if answer.stage is None:
        return (Reason(ReasonKey.UNKNOWN),)
    if answer.stage == Stage.DECLINE:
        reasons = [_decline_reason(name, answer) for name in bit_names(answer.rules, RULES)]
        if answer.sub_state == SubState.CHURNED:
            reasons.append(Reason(ReasonKey.EMPTIED, {"limit": policy.empty_aum}))
        elif answer.sub_state == SubState.DORMANT:
            reasons.append(Reason(ReasonKey.HOLDS_ASSETS, {"aum": answer.aum}))
        return tuple(reasons)
    if answer.stage == Stage.MATURITY:
        return (Reason(ReasonKey.MATURITY, {"limit": policy.mature_aum, "days": policy.mature_days}),)
    if answer.sub_state == SubState.CLEARED:
        return (Reason(ReasonKey.CLEARED, {"limit": policy.empty_aum}),)
    if answer.stage == Stage.GROWTH and answer.warnings:
        names = tuple(bit_names(answer.warnings, WARNINGS))
        return (Reason(ReasonKey.GROWTH_WARNED, {"warnings": names}),)
    return (Reason(ReasonKey(answer.stage)),)


def _decline_reason(rule: str, answer: Answer) -> Reason:
    if rule == ReasonKey.IDLE:
        return Reason(ReasonKey.IDLE, {"days": idle_days(answer) or 0})
    if rule == ReasonKey.AUM_FALL and answer.fallen_on and answer.recovers_at is not None:
        params: dict[str, Value] = {"aum": answer.aum, "peak": answer.peak_aum, "day": answer.fallen_on}
        key = ReasonKey.NOT_REINVESTED if answer.is_unspent else ReasonKey.AUM_FALL
        return Reason(key, {**params, "limit": answer.recovers_at})
    assert answer.closing_at is not None  # the rule is about it
    return Reason(ReasonKey.CLOSING, {"day": answer.closing_at})


def _inputs(answer: Answer, policy: Policy) -> list[Input]:
    """The facts that are known, in the order of a member's life."""
    dated: list[tuple[str, datetime | None]] = [
        ("known_at", answer.known_at),
        ("registered_at", answer.registered_at),
        ("first_invested_at", answer.first_invested_at),
    ]
    inputs = [Input(name, at, at) for name, at in dated if at is not None]
    if answer.aum_on is not None:
        inputs.append(Input("aum", answer.aum, answer.aum_on, policy.mature_aum))
        if answer.held:
            inputs.append(Input("held", answer.held, answer.held_to))
        inputs += _fall(answer, policy)
    if (idle := idle_days(answer)) is not None:
        inputs.append(Input("idle_days", idle, answer.active_on, policy.idle_days))
    dated = [("last_login_at", answer.last_login_at), ("last_trade_at", answer.last_trade_at)]
    inputs += [Input(name, at, at) for name, at in dated if at is not None]
    if answer.aum >= policy.mature_aum:
        inputs.append(_steady_since(answer, policy))
    if answer.registered_at is not None and answer.first_invested_at is not None:
        registered = day_of(answer.registered_at)
        tenure = (answer.day - registered).days
        inputs.append(Input("tenure_days", tenure, registered, policy.mature_tenure_days))
    dated = [("closing_at", answer.closing_at), ("complaint_at", answer.complaint_at)]
    return inputs + [Input(name, at, at) for name, at in dated if at is not None]


def _fall(answer: Answer, policy: Policy) -> list[Input]:
    """The peak; where assets have fallen from it, when, the lowest assets since, and what ends the fall."""
    if answer.fallen_on is None:
        return [Input("peak_aum", answer.peak_aum, threshold=policy.fall_share)]
    return [
        Input("fall_peak_aum", answer.peak_aum, answer.fallen_on, policy.fall_share),
        Input("trough", answer.trough or Decimal(0), threshold=answer.recovers_at),
    ]


def _steady_since(answer: Answer, policy: Policy) -> Input:
    """Since when assets reach maturity without a break, as far back as the rules look."""
    if answer.steady_since:
        return Input("steady_since", answer.steady_since, answer.steady_since, policy.mature_days)
    first = answer.day - timedelta(days=policy.window_days - 1)
    return Input("steady_since", first, first, policy.mature_days, or_earlier=True)


def _stage_change(row: Evaluation, today: date) -> StageChange:
    at = row.answer.at
    reasons = _reasons(row.answer, row.policy)
    return StageChange(at, (day_of(at) - today).days, *row.stage_pair, reasons, row.policy)


def _warning_changes(forecast: Forecast) -> list[WarningChange]:
    """The warnings that time raises or clears within HORIZON_DAYS, before the stage changes."""
    found, before = [], forecast.now.answer
    for row in forecast.minor_changes:
        days = (day_of(row.answer.at) - forecast.now.answer.day).days
        if days > HORIZON_DAYS:
            break
        for raised, changed in (
            (True, row.answer.warnings & ~before.warnings),
            (False, before.warnings & ~row.answer.warnings),
        ):
            found += [
                WarningChange(kind, raised, row.answer.at, days) for kind in bit_names(changed, WARNINGS)
            ]
        before = row.answer
    return found
