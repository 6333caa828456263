"""How far a member is from each neighbouring stage: what has to happen, and how much of it has happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from typing import Literal

from crm.runtime.clock import day_of
from members.lifecycle.evaluation import bits
from members.lifecycle.evaluation.answer import Answer
from members.lifecycle.models import Policy, Stage

CENT = Decimal("0.01")


class NeedKey(StrEnum):
    """What has to happen; behind each key the parameters that it comes with."""

    REGISTER = "register"
    FIRST_INVESTMENT = "first_investment"
    AUM_BELOW = "aum_below"  # limit
    LEAVE_DECLINE = "leave_decline"
    AUM_RISE_BY = "aum_rise_by"  # missing
    AUM_STAYS_FOR = "aum_stays_for"  # days
    AUM_HIGH_UNTIL = "aum_high_until"  # day
    REGISTERED_UNTIL = "registered_until"  # day
    INACTIVE_UNTIL = "inactive_until"  # day
    AUM_FALL_TO = "aum_fall_to"  # limit
    REQUEST_CLOSING = "request_closing"
    TRADE = "trade"
    LOGIN_OR_TRADE = "login_or_trade"
    AUM_RECOVERS = "aum_recovers"  # limit, day
    CLOSE_COMPLAINT = "close_complaint"
    BUY = "buy"
    BUY_OR_CLOSING_LAPSES = "buy_or_closing_lapses"  # day


@dataclass(frozen=True, slots=True)
class Progress:
    """`value` of the `limit` that is needed, in days or in platform currency; `share` of the way, 0 to 1."""

    unit: Literal["days", "money"]
    value: Decimal | int
    limit: Decimal | int
    share: float


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that has to happen; `progress` is empty where it happens or does not."""

    key: NeedKey
    params: Mapping[str, Decimal | int | date] = field(default_factory=dict)
    progress: Progress | None = None


@dataclass(frozen=True, slots=True)
class Distance:
    """A neighbouring stage and what leads to it: every need has to be met (`all_of`), or any."""

    stage: str
    needs: tuple[Need, ...]
    all_of: bool = True


def distances(answer: Answer, policy: Policy) -> list[Distance]:
    """The neighbouring stages of an answer under its policy; none for a member not known yet."""
    if answer.stage == Stage.ACQUISITION:
        return [Distance(Stage.ACTIVATION, (Need(NeedKey.REGISTER),))]
    if answer.stage == Stage.ACTIVATION:
        return [Distance(Stage.GROWTH, (Need(NeedKey.FIRST_INVESTMENT),))]
    if answer.stage == Stage.GROWTH:
        return [_to_maturity(answer, policy), _to_decline(answer, policy)]
    if answer.stage == Stage.MATURITY:
        share = _share(policy.mature_aum, answer.aum)
        progress = Progress("money", answer.aum, policy.mature_aum, share)
        fall = Need(NeedKey.AUM_BELOW, {"limit": policy.mature_aum}, progress)
        return [Distance(Stage.GROWTH, (fall,)), _to_decline(answer, policy)]
    if answer.stage == Stage.DECLINE:
        return [Distance(Stage.GROWTH, _out_of_decline(answer, policy)), _to_maturity(answer, policy)]
    return []


def _to_maturity(answer: Answer, policy: Policy) -> Distance:
    needs = [Need(NeedKey.LEAVE_DECLINE)] if answer.stage == Stage.DECLINE else []
    if answer.aum < policy.mature_aum:
        progress = _rise(answer.aum, policy.mature_aum)
        needs.append(Need(NeedKey.AUM_RISE_BY, {"missing": policy.mature_aum - answer.aum}, progress))
        needs.append(Need(NeedKey.AUM_STAYS_FOR, {"days": policy.mature_days}))
    elif answer.steady_since is not None:
        reached = answer.steady_since + timedelta(days=policy.mature_days - 1)
        if reached > answer.day:
            # The first high day counts itself.
            progress = _days((answer.day - answer.steady_since).days + 1, policy.mature_days)
            needs.append(Need(NeedKey.AUM_HIGH_UNTIL, {"day": reached}, progress))
    if answer.registered_at is not None:
        registered = day_of(answer.registered_at)
        tenure = registered + timedelta(days=policy.mature_tenure_days)
        if tenure > answer.day:
            progress = _days((answer.day - registered).days, policy.mature_tenure_days)
            needs.append(Need(NeedKey.REGISTERED_UNTIL, {"day": tenure}, progress))
    if answer.is_complaining:
        needs.append(Need(NeedKey.CLOSE_COMPLAINT))
    return Distance(Stage.MATURITY, tuple(needs))


def _to_decline(answer: Answer, policy: Policy) -> Distance:
    needs = []
    if answer.active_on is not None:
        until = answer.active_on + timedelta(days=policy.idle_days)
        progress = _days((answer.day - answer.active_on).days, policy.idle_days)
        needs.append(Need(NeedKey.INACTIVE_UNTIL, {"day": until}, progress))
    peak = answer.next_peak
    if peak is not None and peak >= policy.fall_floor:
        limit = (peak * (1 - policy.fall_share)).quantize(CENT, ROUND_DOWN)
        share = _share(peak - answer.aum, peak - limit)
        needs.append(Need(NeedKey.AUM_FALL_TO, {"limit": limit}, Progress("money", answer.aum, limit, share)))
    needs.append(Need(NeedKey.REQUEST_CLOSING))
    return Distance(Stage.DECLINE, tuple(needs), all_of=False)


def _out_of_decline(answer: Answer, policy: Policy) -> tuple[Need, ...]:
    needs = []
    if answer.rules & bits.IDLE:
        needs.append(Need(NeedKey.TRADE if answer.aum <= policy.empty_aum else NeedKey.LOGIN_OR_TRADE))
    if answer.rules & bits.AUM_FALL:
        assert answer.recovers_at is not None and answer.forgotten_on is not None  # as of every open fall
        params: dict[str, Decimal | int | date] = {"limit": answer.recovers_at, "day": answer.forgotten_on}
        needs.append(Need(NeedKey.AUM_RECOVERS, params, _rise(answer.aum, answer.recovers_at)))
    if answer.rules & bits.CLOSING and answer.closing_at is not None:
        if answer.aum <= policy.empty_aum:  # an emptied account stays left, however long ago that was
            needs.append(Need(NeedKey.BUY))
        else:
            requested = day_of(answer.closing_at)
            lapses = requested + timedelta(days=policy.signal_days)
            progress = _days((answer.day - requested).days, policy.signal_days)
            needs.append(Need(NeedKey.BUY_OR_CLOSING_LAPSES, {"day": lapses}, progress))
    return tuple(needs)


def _rise(aum: Decimal, limit: Decimal) -> Progress:
    return Progress("money", aum, limit, _share(aum, limit))


def _days(passed: int, needed: int) -> Progress:
    return Progress("days", passed, needed, _share(passed, needed))


def _share(value: Decimal | int, whole: Decimal | int) -> float:
    """`value` as a share of `whole`, between 0 and 1, to three places."""
    return round(min(max(float(value / whole), 0.0), 1.0), 3) if whole > 0 else 1.0
