"""docs/lifecycle.md in plain Python: slow, obvious, one member at a time, every instant looked at.

Nothing here is shared with the stage engine. Money is Decimal, instants are aware, days are the
platform's calendar days in `zone`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal

from tests.members.lifecycle.oracle_assets import aum_on, day_of, first_instant, held_on
from tests.members.lifecycle.oracle_facts import Facts, Policy
from tests.members.lifecycle.oracle_falls import Falls, falls_of

IDLE, AUM_FALL, CLOSING = 1, 2, 4  # bits of the decline rules
WARN_IDLE, WARN_AUM_FALL, WARN_SIGNAL = 1, 2, 4  # bits of the churn warnings
WARNING_KINDS = {"idle": WARN_IDLE, "aum_fall": WARN_AUM_FALL, "signal": WARN_SIGNAL}
CENT = Decimal("0.01")
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Answer:
    stage: str | None
    sub_state: str | None
    rules: int
    warnings: int

    @property
    def place(self) -> tuple[str | None, str | None]:
        return self.stage, self.sub_state


@dataclass(frozen=True)
class Inputs:
    """What the answer rests on; `idle_days` and peak are None where nothing was ever invested."""

    aum: Decimal
    worth: Decimal
    held: Decimal
    held_to: date | None
    first_invested_at: datetime | None
    last_trade_at: datetime | None
    last_login_at: datetime | None
    closing_at: datetime | None
    closing_open: bool
    complaint_at: datetime | None
    complaint_open: bool
    idle_days: int | None
    is_silent: bool
    falls: Falls
    warned_fallen: bool
    peak_lately: Decimal
    peak_aum: Decimal
    steady_since: date | None
    steady_days: int
    mature_barred: bool
    normal_at: datetime | None
    closing_lapsed: bool


def in_force(policies: list[Policy], at: datetime) -> Policy:
    """The version that applies at an instant: the latest effective, of equals the highest."""
    return max((p for p in policies if p.effective_from <= at), key=lambda p: (p.effective_from, p.version))


def seen(facts: Facts, at: datetime, zone: tzinfo) -> Facts:
    """The facts that exist at an instant; the member's own record is left as it is."""
    today = day_of(at, zone)
    return Facts(
        known_at=facts.known_at,
        registered_at=facts.registered_at,
        transactions=sorted(row for row in facts.transactions if row[0] <= at),
        valuations={day: aum for day, aum in sorted(facts.valuations.items()) if day <= today},
        logins=sorted(login for login in facts.logins if login <= at),
        signals=sorted(row for row in facts.signals if row[0] <= at),
        complaints=sorted((row for row in facts.complaints if row[0] <= at), key=lambda row: row[0]),
        terms=[row for row in facts.terms if row[0] <= at],
        moves=[row for row in facts.moves if row[0] <= at],
        normals=sorted(normal for normal in facts.normals if normal <= at),
    )


def inputs(facts: Facts, policy: Policy, at: datetime, zone: tzinfo) -> Inputs:
    facts, today = seen(facts, at, zone), day_of(at, zone)
    window = policy.window
    days = (today - timedelta(n) for n in range(window + 1))
    levels = {day: aum_on(facts, day, zone) + held_on(facts, policy, day, today, zone)[0] for day in days}
    aum = levels[today]
    held, held_to = held_on(facts, policy, today, today, zone)
    normal_on = day_of(max(facts.normals), zone) if facts.normals else None
    recent = {
        day: level
        for day, level in levels.items()
        if (today - day).days < policy.fall_window_days and (normal_on is None or day >= normal_on)
    }
    curve = {day: level for day, level in levels.items() if (today - day).days < window}
    falls = falls_of(curve, policy, today, normal_on)
    worth, least = max(policy.fall_floor, policy.warn_floor), 1 - policy.warn_fall_share
    warned = any(level >= worth and aum <= level * least for level in recent.values())
    buys = [when for when, kind, _ in facts.transactions if kind == "buy"]
    trades = [when for when, kind, _ in facts.transactions if kind in ("buy", "redemption", "payout")]
    positive = [first_instant(day, zone) for day, value in facts.valuations.items() if value > 0]
    first_invested = min(buys + positive, default=None)
    acts = trades + ([] if aum <= policy.empty_aum else facts.logins)
    last_act = max([*acts, first_invested]) if first_invested else None
    steady = steady_days(levels, policy, today)
    closing_at, closing_open, closing_lapsed = closing(facts, policy, aum, at, zone)
    return Inputs(
        aum=aum - held,
        worth=aum,
        held=held,
        held_to=held_to,
        first_invested_at=first_invested,
        last_trade_at=max(trades, default=None),
        last_login_at=max(facts.logins, default=None),
        closing_at=closing_at,
        closing_open=closing_open,
        complaint_at=max((received for received, _ in facts.complaints), default=None),
        complaint_open=any(closed is None or closed > at for _, closed in facts.complaints),
        idle_days=None if last_act is None else (today - day_of(last_act, zone)).days,
        is_silent=last_act is not None and silent(facts, policy, day_of(last_act, zone), today),
        falls=falls,
        warned_fallen=warned,
        peak_lately=max(recent.values()),
        peak_aum=max(recent.values()) if falls.peak is None else falls.peak,
        # A run that fills the whole window may be older: its first day is not known.
        steady_since=today - timedelta(steady - 1) if 0 < steady < window else None,
        steady_days=steady,
        mature_barred=mature_barred(facts, policy, levels, at, zone),
        normal_at=max(facts.normals, default=None),
        closing_lapsed=closing_lapsed,
    )


def steady_days(levels: dict[date, Decimal], policy: Policy, today: date) -> int:
    """For how many days assets have been those of maturity, as far back as the window goes."""
    steady = 0
    while steady <= policy.window and levels[today - timedelta(steady)] >= policy.mature_aum:
        steady += 1
    return steady


def closing(
    facts: Facts, policy: Policy, aum: Decimal, at: datetime, zone: tzinfo
) -> tuple[datetime | None, bool, bool]:
    """When closing was last asked for, whether that is open, and whether it lapses at this very instant."""
    asked = max((when for when, name in facts.signals if name == "closing_request"), default=None)
    if asked is None or any(kind == "buy" and when > asked for when, kind, _ in facts.transactions):
        return asked, False, False
    today, lapses = day_of(at, zone), day_of(asked, zone) + timedelta(policy.signal_days)
    lapsed = today == lapses and at == first_instant(today, zone)
    return asked, today < lapses or aum <= policy.empty_aum, lapsed


def silent(facts: Facts, policy: Policy, acted: date, today: date) -> bool:
    """Whether the silence since the last act is long, also for a holder of a product with a term."""
    excused = [min((on - acted).days, policy.warn_term_days) for on in facts.terms_held]
    return (today - acted).days >= max([policy.warn_idle_days, *excused])


def mature_barred(
    facts: Facts, policy: Policy, levels: dict[date, Decimal], at: datetime, zone: tzinfo
) -> bool:
    """Whether a complaint is open at every instant since the conditions of maturity are met.

    That day is known only as far back as the window goes.
    """
    if facts.registered_at is None or not facts.complaints:
        return False
    today = day_of(at, zone)
    met = max(
        *(
            day + timedelta(policy.mature_days)
            for day, level in levels.items()
            if level < policy.mature_aum and (today - day).days < policy.window
        ),
        today - timedelta(policy.window - policy.payout_grace_days - policy.mature_days),
        day_of(facts.registered_at, zone) + timedelta(policy.mature_tenure_days),
    )
    start = first_instant(met, zone)
    ends = [closed for _, closed in facts.complaints if closed is not None and start < closed <= at]
    return all(
        any(received <= when and (closed is None or when < closed) for received, closed in facts.complaints)
        for when in [start, at, *ends]
    )


def answer(facts: Facts, policies: list[Policy], at: datetime, zone: tzinfo) -> Answer:
    """The stage at an instant under the policy in force then."""
    policy = in_force(policies, at)
    if facts.known_at > at:
        return Answer(None, None, 0, 0)
    if facts.registered_at is None or facts.registered_at > at:
        return Answer("acquisition", None, 0, 0)
    given, today = inputs(facts, policy, at, zone), day_of(at, zone)
    tenure = (today - day_of(facts.registered_at, zone)).days
    if given.first_invested_at is None or given.idle_days is None:
        return Answer("activation", "stalled" if tenure >= policy.stalled_days else None, 0, 0)
    fell = given.falls.peak is not None and given.falls.peak >= policy.warn_floor
    warnings = WARN_SIGNAL if given.complaint_open else 0
    if given.worth > policy.empty_aum:
        warnings |= (
            (WARN_IDLE if given.is_silent and given.worth >= policy.warn_floor else 0)
            | (WARN_AUM_FALL if given.warned_fallen or fell else 0)
            | (WARN_SIGNAL if given.closing_open else 0)
        )
    rules = (
        (IDLE if given.idle_days >= policy.idle_days else 0)
        | (AUM_FALL if given.falls.peak is not None else 0)
        | (CLOSING if given.closing_open else 0)
    )
    if rules:
        left = given.closing_open or given.idle_days >= policy.churned_days
        if left and given.worth <= policy.empty_aum:
            return Answer("decline", "churned", rules, warnings)
        dormant = given.idle_days >= policy.dormant_days
        return Answer("decline", "dormant" if dormant else "at_risk", rules, warnings)
    steady = given.steady_days >= policy.mature_days and tenure >= policy.mature_tenure_days
    if steady and not given.mature_barred:
        return Answer("maturity", None, 0, warnings)
    return Answer("growth", "cleared" if given.worth <= policy.empty_aum else None, 0, warnings)


def midnights(after: datetime, until: datetime, zone: tzinfo) -> list[datetime]:
    """First instants of days in (after, until]."""
    day, found = day_of(after, zone), []
    while (instant := first_instant(day, zone)) <= until:
        if instant > after:
            found.append(instant)
        day += timedelta(1)
    return found


def due_at(facts: Facts, policies: list[Policy], at: datetime, zone: tzinfo) -> datetime | None:
    """The first instant later than `at` with another answer when no fact is added, found by trying all.

    A registration or first touch still to come, and a complaint's end, are part of the record, not added.
    """
    policy, facts = in_force(policies, at), seen(facts, at, zone)
    alone = [Policy(**{**vars(policy), "effective_from": min(at, policy.effective_from)})]
    ends = [closed for _, closed in facts.complaints]
    coming = [when for when in (facts.known_at, facts.registered_at, *ends) if when is not None and when > at]
    # After the longest threshold has run out on the latest thing that happens, nothing is left to change.
    end = max([at, *coming]) + timedelta(policy.longest + 3)
    now = answer(facts, alone, at, zone)
    held_to = inputs(facts, policy, at, zone).held_to
    matters = now.stage not in (None, "acquisition", "activation")  # nothing else of these is looked at
    tries = sorted({*midnights(at, end, zone), *coming})
    return next(
        (
            instant
            for instant in tries
            if answer(facts, alone, instant, zone) != now
            or (matters and held_to is not None and day_of(instant, zone) >= held_to)
        ),
        None,
    )
