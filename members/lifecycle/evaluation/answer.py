"""One member's answer at an instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

StagePair = tuple[str | None, str | None]  # stage and sub-state


@dataclass(frozen=True)
class Answer:
    """One member's answer with the facts it rests on; amounts in platform currency, instants aware.

    `rules` and `warnings` are bits (members.lifecycle.evaluation.bits); `active_on` is the day of the last
    activity. Of an open fall: `fallen_on` is its day, `peak_aum` its peak, `trough` the lowest assets since,
    `recovers_at` the assets that end it, `forgotten_on` the day on which memory does. `next_peak` is the
    highest peak from which assets may still fall. `held` was paid out and counts as assets until `held_to`;
    `is_unspent`: the fall began when it counted no more. `silent_on` is the day from which silence warns.
    `is_settling`: a decline that ends now has settled, neither money nor activity having ended it. The facts
    are defined in docs/lifecycle.md.
    """

    member_id: int
    at: datetime
    day: date
    policy_version: int
    stage: str | None
    sub_state: str | None
    rules: int
    warnings: int
    due_at: datetime | None
    aum_low: Decimal | None
    aum_high: Decimal | None
    aum: Decimal
    aum_on: date | None
    first_invested_at: datetime | None
    last_trade_at: datetime | None
    last_login_at: datetime | None
    peak_aum: Decimal
    steady_since: date | None
    closing_at: datetime | None
    complaint_at: datetime | None
    known_at: datetime
    registered_at: datetime | None
    active_on: date | None
    fallen_on: date | None
    trough: Decimal | None
    recovers_at: Decimal | None
    forgotten_on: date | None
    next_peak: Decimal | None
    silent_on: date | None
    is_complaining: bool
    held: Decimal
    held_to: date | None
    is_unspent: bool
    normal_at: datetime | None
    is_settling: bool
