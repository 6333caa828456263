"""Every KPI of February 2026 from the raw facts of a world, in plain Python: no SQL, no product code.

Each function returns (numerator, denominator, members counted).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
START, END = datetime(2026, 2, 1, tzinfo=ZONE), datetime(2026, 3, 1, tzinfo=ZONE)
EMPTY, MATURE, DORMANT_DAYS = Decimal(1), Decimal(200_000), 120
DAYS = {days: timedelta(days=days) for days in (14, 30, 90, 365)}
Result = tuple[Decimal, Decimal, int]


@dataclass
class Person:
    """Raw facts of one member; `trades` are (at, kind, amount, category, plan_debit)."""

    key: int
    known: datetime
    registered: datetime | None = None
    channel: int | None = None
    referrer: int | None = None
    trades: list[tuple[datetime, str, Decimal, str, bool]] = field(default_factory=list)
    valuations: dict[date, Decimal] = field(default_factory=dict)
    logins: list[datetime] = field(default_factory=list)
    moves: list[dict[str, Any]] = field(default_factory=list)
    stage: str = "acquisition"  # of now
    sub_state: str | None = None
    quest: tuple[datetime, datetime | None, datetime | None] | None = None  # started, ends, completed

    @property
    def first_invested(self) -> datetime | None:
        buys = [at for at, kind, *_ in self.trades if kind == "buy"]
        valued = [
            datetime(on.year, on.month, on.day, tzinfo=ZONE) for on, aum in self.valuations.items() if aum > 0
        ]
        return min(buys + valued, default=None)

    def aum(self, until: datetime) -> Decimal:
        """Assets just before an instant."""
        last = (until - timedelta(microseconds=1)).astimezone(ZONE).date()
        days = [on for on in self.valuations if on <= last]
        base = max(days, default=None)
        held = self.valuations[base] if base else Decimal(0)
        for at, kind, amount, *_ in self.trades:
            if at < until and (base is None or at.astimezone(ZONE).date() > base):
                held += flow(kind, amount)
        return max(held, Decimal(0))

    def stage_at(self, instant: datetime) -> tuple[str, str | None]:
        """The stage just before an instant."""
        later = sorted((move for move in self.moves if move["at"] >= instant), key=lambda move: move["at"])
        return (later[0]["left"], later[0]["left_sub"]) if later else (self.stage, self.sub_state)


@dataclass
class World:
    people: list[Person]
    visits: list[tuple[datetime, str, str]]  # (at, visitor, id) of anonymous touches
    spends: list[tuple[date, Decimal]]


def flow(kind: str, amount: Decimal) -> Decimal:
    return {"buy": amount, "redemption": -amount, "payout": -amount}.get(kind, Decimal(0))


def day(at: datetime) -> date:
    return at.astimezone(ZONE).date()


def ended(at: datetime | None, days: int) -> bool:
    """Whether that many days since an instant ended in the period."""
    return at is not None and START <= at + DAYS[days] < END


def share(hits: list[bool]) -> Result:
    return Decimal(sum(hits)), Decimal(len(hits)), len(hits)


def all_kpis(world: World) -> dict[str, Result]:
    return {**acquired(world), **grown(world), **stages(world), **money(world)}


def acquired(world: World) -> dict[str, Result]:
    people = world.people
    spent = sum((amount for on, amount in world.spends if START.date() <= on < END.date()), Decimal(0))
    first: dict[str, datetime] = {}
    for at, visitor, key in world.visits:
        name = visitor or f"touch {key}"
        first[name] = min(at, first.get(name, at))
    anonymous = [False for at in first.values() if ended(at, 30)]
    quick = lambda one: one.registered is not None and one.registered < one.known + DAYS[30]  # noqa: E731 - said four times
    seen = [one for one in people if ended(one.known, 30)]
    registered = [one for one in people if one.registered and START <= one.registered < END]
    began = [one for one in people if one.first_invested and START <= one.first_invested < END]
    came = [one for one in people if one.channel and ended(one.registered, 90)]
    invested = [one for one in people if one.channel and ended(one.first_invested, 90)]
    brought = sum(
        (flow(k, a) for one in came for at, k, a, *_ in one.trades if at < one.registered + DAYS[90]),
        Decimal(0),
    )
    ripe = [one for one in people if ended(one.registered, 30)]
    active = [
        one for one in began if one.registered and (one.first_invested - one.registered).total_seconds() >= 0
    ]
    active = [one for one in active if one.first_invested < one.registered + DAYS[365]]
    took = sum(
        (Decimal((o.first_invested - o.registered).total_seconds()) / 86400 for o in active), Decimal(0)
    )
    quests = [(end or start + DAYS[30], done) for start, end, done in filter(None, (o.quest for o in people))]
    return {
        "newcomer_quest_completion": share(
            [done is not None and done <= end for end, done in quests if START <= end < END]
        ),
        "registration_conversion": share([quick(one) for one in seen] + anonymous),
        "lead_registration": share([quick(one) for one in seen if one.registered != one.known]),
        "cost_per_registration": (spent, Decimal(len(registered)), len(registered)),
        "cost_per_first_investment": (spent, Decimal(len(began)), len(began)),
        "channel_money": (brought, Decimal(len(came)), len(came)),
        "channel_retention": share([one.aum(one.first_invested + DAYS[90]) > EMPTY for one in invested]),
        "first_investment_conversion": share(
            [bool(o.first_invested and o.first_invested < o.registered + DAYS[30]) for o in ripe]
        ),
        "time_to_activate": (took, Decimal(len(active)), len(active)),
    }


def clients_of(world: World) -> list[Person]:
    return [one for one in invested_of(world) if one.aum(END) > EMPTY]


def invested_of(world: World) -> list[Person]:
    return [one for one in world.people if one.first_invested and one.first_invested < END]


def grown(world: World) -> dict[str, Result]:
    clients = clients_of(world)
    count = Decimal(len(clients))
    ripe = [one for one in world.people if ended(one.first_invested, 90)]
    trades = [
        1
        for one in clients
        for at, kind, _a, _c, plan in one.trades
        if kind in ("buy", "redemption") and not plan and START <= at < END
    ]
    bought = [
        {c for at, kind, _a, c, _p in one.trades if kind == "buy" and END - DAYS[365] <= at < END}
        - {"cash", ""}
        for one in clients
    ]
    referred = {
        one.referrer for one in world.people if one.registered and END - DAYS[365] <= one.registered < END
    }
    assets = sum((one.aum(END) for one in clients), Decimal(0))
    return {
        "repeat_investment_rate": share([bought_again(one) for one in ripe]),
        "aum_per_client": (assets, count, len(clients)),
        "trading_frequency": (Decimal(len(trades)), count * 28 / 30, len(clients)),
        "cross_buy_rate": share([len(kinds) >= 2 for kinds in bought]),
        "vip_share": share([one.aum(END) >= MATURE for one in clients]),
        "referral_rate": share([one.key in referred for one in clients]),
        "all_category_holding_rate": share([len(held(one)) >= 4 for one in clients]),
    }


def held(one: Person) -> list[str]:
    net: dict[str, Decimal] = defaultdict(Decimal)
    for at, kind, amount, category, _plan in one.trades:
        if at < END and category:
            net[category] += flow(kind, amount)
    return [category for category, amount in net.items() if amount > 0]


def bought_again(one: Person) -> bool:
    first = one.first_invested
    payouts = [at for at, kind, *_ in one.trades if kind == "payout"]
    return any(
        kind == "buy" and not plan and first < at < first + DAYS[90] and day(at) > day(first)
        and not any(paid <= at < paid + DAYS[14] for paid in payouts)
        for at, kind, _amount, _category, plan in one.trades
    )  # fmt: skip


def stages(world: World) -> dict[str, Result]:
    at_both = [(one, one.stage_at(START), one.stage_at(END)) for one in world.people]
    invested = ("growth", "maturity", "decline")
    live = [(then, now) for _, then, now in at_both if then[0] in invested and then[1] != "churned"]
    kept = [now[0] in invested[:2] for _, then, now in at_both if then[0] in invested[:2]]
    could, back = 0, 0
    for one, then, _now in at_both:
        moves = [move for move in one.moves if START <= move["at"] < END]
        fell = any(move["to"] == "decline" and move["left"] != "decline" for move in moves)
        could += then[0] == "decline" or fell
        back += (then[0] == "decline" or fell) and any(move["won_back"] for move in moves)
    silent = [silence(one) for one in invested_of(world)]
    result = {
        "retention": share(kept),
        "churn_rate": share([now[1] == "churned" for _, now in live]),
        "return_rate": (Decimal(back), Decimal(could), could),
        "dormant_share": share([days >= DORMANT_DAYS for days in silent]),
        "dormant_share_year": share([DORMANT_DAYS <= days <= 365 for days in silent]),
        "dormant_share_long": share([days > 365 for days in silent]),
    }
    for stage in invested:
        there = [one for one, _then, now in at_both if now[0] == stage]
        assets = sum((one.aum(END) for one in there if one in invested_of(world)), Decimal(0))
        result[f"aum_{stage}"] = (assets, Decimal(1), len(there))
    return result


def silence(one: Person) -> int:
    acts = [at for at, kind, *_ in one.trades if kind in ("buy", "redemption")] + one.logins
    last = max([at for at in acts if at < END] + [one.first_invested])
    return (date(2026, 2, 28) - day(last)).days


def money(world: World) -> dict[str, Result]:
    invested = invested_of(world)
    flows = {
        one.key: [flow(k, a) for at, k, a, *_ in one.trades if START <= at < END and flow(k, a)]
        for one in world.people
    }
    ins = {key: sum(f for f in moved if f > 0) for key, moved in flows.items()}
    outs = {key: -sum(f for f in moved if f < 0) for key, moved in flows.items()}
    before = {one.key: one.aum(START) for one in invested}
    after = {one.key: one.aum(END) for one in invested}
    one_, total = Decimal(1), sum(after.values(), Decimal(0))
    net = Decimal(sum(ins.values()) - sum(outs.values()))
    ranked = sorted((aum for aum in after.values() if aum > EMPTY), reverse=True)
    had = {key: aum for key, aum in before.items() if aum > 0}
    lost = sum(max(outs[key] - ins[key], 0) for key in had)
    moved = {key for key, some in flows.items() if some}
    touched = moved | {key for key in after if before[key] > 0 or after[key] > 0}
    result: dict[str, Result] = {
        "aum": (total, one_, len(ranked)),
        "net_new_money": (net, one_, len(moved)),
        "money_in": (Decimal(sum(ins.values())), one_, sum(1 for amount in ins.values() if amount)),
        "money_out": (Decimal(sum(outs.values())), one_, sum(1 for amount in outs.values() if amount)),
        "market_effect": (total - sum(before.values()) - net, one_, len(touched)),
        "aum_churn": (Decimal(lost), sum(had.values(), Decimal(0)), len(had)),
        "reinvestment": reinvested(world),
    }
    for percent in (1, 10):
        top = sum(ranked[: ceil(len(ranked) * percent / 100)], Decimal(0))
        result[f"top_{percent}_share"] = (top, sum(ranked, Decimal(0)), len(ranked))
    return result


def reinvested(world: World) -> Result:
    again, paid, members = Decimal(0), Decimal(0), 0
    for one in world.people:
        due = [(at, amount) for at, kind, amount, *_ in one.trades if kind == "payout" and ended(at, 14)]
        bought = sum(
            (a for at, k, a, *_ in one.trades if k == "buy" and any(p <= at < p + DAYS[14] for p, _ in due)),
            Decimal(0),
        )
        out = sum((amount for _, amount in due), Decimal(0))
        again, paid, members = again + min(out, bought), paid + out, members + bool(due)
    return again, paid, members
