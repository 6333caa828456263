"""docs/lifecycle.md in plain Python: slow, obvious, one member at a time, every instant looked at.

Nothing here is shared with the stage engine. Money is Decimal, instants are aware, days are the
platform's calendar days in `zone`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import ROUND_DOWN, Decimal

IDLE, AUM_FALL, CLOSING = 1, 2, 4  # bits of the decline rules
WARN_IDLE, WARN_AUM_FALL, WARN_SIGNAL = 1, 2, 4  # bits of the churn warnings
WARNING_KINDS = {"idle": WARN_IDLE, "aum_fall": WARN_AUM_FALL, "signal": WARN_SIGNAL}
CENT = Decimal("0.01")
MICROSECOND = timedelta(microseconds=1)


@dataclass
class Facts:
    """Everything ever said of one member, in any order."""

    known_at: datetime
    registered_at: datetime | None = None
    transactions: list[tuple[datetime, str, Decimal]] = field(default_factory=list)
    valuations: dict[date, Decimal] = field(default_factory=dict)
    logins: list[datetime] = field(default_factory=list)
    signals: list[tuple[datetime, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Policy:
    """The thresholds of one version; the names are those of the model."""

    version: int
    effective_from: datetime
    stalled_days: int = 7
    warn_idle_days: int = 30
    idle_days: int = 60
    dormant_days: int = 120
    churned_days: int = 0
    fall_window_days: int = 90
    warn_fall_share: Decimal = Decimal("0.2")
    fall_share: Decimal = Decimal("0.4")
    fall_floor: Decimal = Decimal(1000)
    signal_days: int = 90
    mature_aum: Decimal = Decimal(200000)
    mature_days: int = 90
    mature_tenure_days: int = 365
    empty_aum: Decimal = Decimal(1)

    @property
    def longest(self) -> int:
        """The largest number of days named."""
        return max(value for name, value in vars(self).items() if name.endswith("_days"))


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
    first_invested_at: datetime | None
    last_trade_at: datetime | None
    last_login_at: datetime | None
    closing_at: datetime | None
    closing_open: bool
    complaint_at: datetime | None
    complaint_open: bool
    idle_days: int | None
    fallen: bool
    warned_fallen: bool
    peak_aum: Decimal
    peak_on: date
    steady_since: date | None
    steady_days: int


def day_of(at: datetime, zone: tzinfo) -> date:
    return at.astimezone(zone).date()


def first_instant(day: date, zone: tzinfo) -> datetime:
    """The earliest instant whose calendar day is `day`, also where midnight is skipped or comes twice."""
    return datetime.combine(day, time.min, zone).replace(fold=0).astimezone(UTC)


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
    )


def aum_on(facts: Facts, day: date, zone: tzinfo) -> Decimal:
    """AUM(d) of facts that all exist."""
    dated = [valued for valued in facts.valuations if valued <= day]
    base = facts.valuations[max(dated)] if dated else Decimal(0)
    for at, kind, amount in facts.transactions:
        moved = day_of(at, zone)
        if moved <= day and (not dated or moved > max(dated)):
            base += {"buy": amount, "redemption": -amount, "payout": -amount}.get(kind, Decimal(0))
    return max(base, Decimal(0))


def inputs(facts: Facts, policy: Policy, at: datetime, zone: tzinfo) -> Inputs:
    facts, today = seen(facts, at, zone), day_of(at, zone)
    window = max(policy.fall_window_days, policy.mature_days)
    levels = {day: aum_on(facts, day, zone) for day in (today - timedelta(n) for n in range(window + 1))}
    aum = levels[today]
    recent = {day: level for day, level in levels.items() if (today - day).days < policy.fall_window_days}
    peak = max(recent.values())

    def fallen(share: Decimal) -> bool:
        return any(level >= policy.fall_floor and aum <= level * (1 - share) for level in recent.values())

    def latest(kind: str) -> datetime | None:
        return max((when for when, name in facts.signals if name == kind), default=None)

    def recently(when: datetime | None) -> bool:
        return when is not None and today < day_of(when, zone) + timedelta(policy.signal_days)

    buys = [when for when, kind, _ in facts.transactions if kind == "buy"]
    trades = [when for when, kind, _ in facts.transactions if kind in ("buy", "redemption", "payout")]
    positive = [first_instant(day, zone) for day, value in facts.valuations.items() if value > 0]
    first_invested = min(buys + positive, default=None)
    acts = trades if aum <= policy.empty_aum else trades + facts.logins
    last_act = max([*acts, first_invested]) if first_invested else None
    steady = 0
    while steady <= window and levels[today - timedelta(steady)] >= policy.mature_aum:
        steady += 1
    closing, complaint = latest("closing_request"), latest("complaint")
    return Inputs(
        aum=aum,
        first_invested_at=first_invested,
        last_trade_at=max(trades, default=None),
        last_login_at=max(facts.logins, default=None),
        closing_at=closing,
        closing_open=closing is not None
        and (recently(closing) or aum <= policy.empty_aum)
        and not any(buy > closing for buy in buys),
        complaint_at=complaint,
        complaint_open=recently(complaint),
        idle_days=None if last_act is None else (today - day_of(last_act, zone)).days,
        fallen=fallen(policy.fall_share),
        warned_fallen=fallen(policy.warn_fall_share),
        peak_aum=peak,
        peak_on=max(day for day, level in recent.items() if level == peak),
        # A run that fills the whole window may be older: its first day is not known.
        steady_since=today - timedelta(steady - 1) if 0 < steady < window else None,
        steady_days=steady,
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
    warnings = (
        (WARN_IDLE if given.idle_days >= policy.warn_idle_days else 0)
        | (WARN_AUM_FALL if given.warned_fallen else 0)
        | (WARN_SIGNAL if given.closing_open or given.complaint_open else 0)
    )
    rules = (
        (IDLE if given.idle_days >= policy.idle_days else 0)
        | (AUM_FALL if given.fallen else 0)
        | (CLOSING if given.closing_open else 0)
    )
    if rules:
        left = given.closing_open or given.idle_days >= policy.churned_days
        if left and given.aum <= policy.empty_aum:
            return Answer("decline", "churned", rules, warnings)
        dormant = given.idle_days >= policy.dormant_days
        return Answer("decline", "dormant" if dormant else "at_risk", rules, warnings)
    if given.steady_days >= policy.mature_days and tenure >= policy.mature_tenure_days:
        return Answer("maturity", None, 0, warnings)
    return Answer("growth", None, 0, warnings)


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

    A registration or first touch still to come is part of the member's record, not an added fact.
    """
    policy, facts = in_force(policies, at), seen(facts, at, zone)
    alone = [Policy(**{**vars(policy), "effective_from": min(at, policy.effective_from)})]
    coming = [when for when in (facts.known_at, facts.registered_at) if when is not None and when > at]
    # After the longest threshold has run out on the latest thing that happens, nothing is left to change.
    end = max([at, *coming]) + timedelta(policy.longest + 3)
    now = answer(facts, alone, at, zone)
    tries = sorted({*midnights(at, end, zone), *coming})
    return next((instant for instant in tries if answer(facts, alone, instant, zone) != now), None)


def bounds(
    facts: Facts, policies: list[Policy], at: datetime, zone: tzinfo
) -> tuple[Decimal | None, Decimal | None]:
    """[aum_low, aum_high] as the table of the definition gives them."""
    policy = in_force(policies, at)
    given = inputs(facts, policy, at, zone)
    if given.first_invested_at is None:
        return None, Decimal(0)
    lows, highs = [], []
    if given.aum > policy.empty_aum:
        lows.append(policy.empty_aum + CENT)
    else:
        highs.append(policy.empty_aum)
    if given.aum >= policy.mature_aum:
        lows.append(policy.mature_aum)
    else:
        highs.append(policy.mature_aum - CENT)
    shares = ((policy.fall_share, given.fallen), (policy.warn_fall_share, given.warned_fallen))
    if given.peak_aum >= policy.fall_floor:
        lows += [
            (given.peak_aum * (1 - share)).quantize(CENT, ROUND_DOWN) + CENT
            for share, fallen in shares
            if not fallen
        ]
        highs.append(given.peak_aum)
    else:
        highs.append(policy.fall_floor - CENT)
    if given.fallen or given.warned_fallen:
        highs.append(given.aum)
    return max(lows, default=None), min(highs, default=None)
