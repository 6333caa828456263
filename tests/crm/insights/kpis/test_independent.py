"""Each KPI of random worlds against its computation from the raw facts in plain Python (plain.py)."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from crm.insights.kpis import approached
from crm.insights.kpis.compute import compute
from crm.insights.kpis.list_members import PARTS, members_behind
from crm.insights.kpis.registry import KPIS
from crm.insights.models import KpiValue
from crm.staff.models import Role
from members.portfolio.models import Valuation
from members.profiles.models import ChannelSpend
from tests.crm.cast import NOW, move, staff_of
from tests.crm.insights.kpis.plain import END, START, ZONE, Person, World, all_kpis
from tests.crm.insights.people import (
    LAST,
    channel,
    login,
    newcomer_quest,
    on_quest,
    person,
    policy,
    product,
    trade,
    visit,
)

pytestmark = pytest.mark.django_db
KINDS = ("buy", "buy", "buy", "redemption", "payout", "dividend", "fee")
CATEGORIES = ("cash", "bond", "fund", "gold", "equity")
EDGES = [START, END, *(edge - timedelta(days=days) for edge in (START, END) for days in (14, 30, 90, 365))]


def some_instant(chance: random.Random) -> datetime:
    """Any within two years, often at an edge that decides about a month, by a second on either side."""
    if chance.random() < 0.4:
        return chance.choice(EDGES) + timedelta(seconds=chance.choice((-1, 0, 1)))
    return datetime(2024, 3, 1, tzinfo=ZONE) + timedelta(minutes=chance.randrange(750 * 1440))


def some_person(chance: random.Random, key: int, channels: int) -> Person:
    known = some_instant(chance)
    one = Person(key, known, channel=chance.choice([None, *range(channels)]))
    if chance.random() < 0.15:
        return one
    one.registered, one.stage = (
        known + chance.choice((timedelta(0), timedelta(days=3), timedelta(days=30))),
        "activation",
    )
    for _ in range(chance.randrange(9)):
        kind = chance.choice(KINDS)
        plan = kind == "buy" and chance.random() < 0.2
        amount = Decimal(chance.randrange(100, 9_000_000)) / 100
        one.trades.append(
            (max(some_instant(chance), one.registered), kind, amount, chance.choice(CATEGORIES), plan)
        )
    if one.trades and chance.random() < 0.4:
        on = max(some_instant(chance), one.registered).astimezone(ZONE).date()
        one.valuations[on] = Decimal(chance.choice((0, 1, 5_000, 250_000)))
    one.logins = [some_instant(chance) for _ in range(chance.randrange(3))]
    if chance.random() < 0.6:
        one.quest = some_quest(chance)
    if one.first_invested:
        _some_moves(chance, one)
    return one


def some_quest(chance: random.Random) -> tuple[datetime, datetime | None, datetime | None]:
    """When it started, ended and was completed; within the time, where that is limited."""
    started, limit = some_instant(chance), chance.choice((None, timedelta(days=30), timedelta(days=90)))
    completed = started + timedelta(days=chance.randrange(1, 60)) if chance.random() < 0.6 else None
    if limit and completed:
        completed = min(completed, started + limit)
    return started, started + limit if limit else None, completed


def _some_moves(chance: random.Random, one: Person) -> None:
    left = chance.choice(("growth", "maturity", "decline"))
    for at in sorted({some_instant(chance) for _ in range(chance.randrange(4))}):
        to = chance.choice([stage for stage in ("growth", "maturity", "decline") if stage != left])
        subs = [chance.choice(("at_risk", "churned")) if side == "decline" else None for side in (left, to)]
        if one.moves:
            subs[0] = one.moves[-1]["to_sub"]
        won = left == "decline" and chance.random() < 0.6
        one.moves.append(
            {"at": at, "left": left, "left_sub": subs[0], "to": to, "to_sub": subs[1], "won_back": won}
        )
        left = to
    one.stage, one.sub_state = left, one.moves[-1]["to_sub"] if one.moves else None


def store(world: World, channels: list) -> dict[int, int]:
    """The world as rows; returns the stored id of each person's key."""
    shelf = {category: product(category) for category in CATEGORIES}
    rows, quest = {}, newcomer_quest()
    for one in world.people:
        rows[one.key] = row = person(
            one.known, one.registered, one.first_invested, stage=one.stage, sub_state=one.sub_state,
            channel=None if one.channel is None else channels[one.channel], referrer=rows.get(one.referrer),
        )  # fmt: skip
        for at, kind, amount, category, plan in one.trades:
            trade(row, at, str(amount), kind, shelf[category], plan_debit=plan)
        Valuation.objects.bulk_create(
            Valuation(member=row, date=on, aum=a) for on, a in one.valuations.items()
        )
        for at in one.logins:
            login(row, at)
        if one.quest:
            on_quest(row, quest, *one.quest)
        for m in one.moves:
            move(
                row,
                m["left"],
                m["to"],
                m["at"],
                from_sub_state=m["left_sub"],
                to_sub_state=m["to_sub"],
                won_back=m["won_back"],
            )
    for at, visitor, _key in world.visits:
        visit(channels[0], at, visitor)
    ChannelSpend.objects.bulk_create(
        ChannelSpend(channel=channels[0], date=on, amount=amount) for on, amount in world.spends
    )
    return {key: row.id for key, row in rows.items()}


@pytest.mark.parametrize("seed", range(3))
def test_what_is_stored_is_what_the_facts_say_and_lists_whom_it_counts(seed):
    policy()
    chance = random.Random(seed)
    channels = [channel("search"), channel("salon")]
    people = [some_person(chance, key, len(channels)) for key in range(70)]
    for one in people[1:]:
        # A channel's key is its place, from 1 on where a person is asked whether it has any.
        one.referrer = chance.choice([None, *(other.key for other in people[: one.key])])
    visits = [(some_instant(chance), chance.choice(("", "v1", "v2", "v3")), str(n)) for n in range(30)]
    spends = [(date(2026, 1, 31) + timedelta(days=n * 7), Decimal(n * 10 + 1)) for n in range(6)]
    world = World(people, visits, spends)
    store(world, channels)
    for one in people:
        one.channel = None if one.channel is None else one.channel + 1
    compute(last_day=LAST, now=NOW)
    stored = {row.kpi: row for row in KpiValue.objects.filter(scope="all")}
    expected = all_kpis(world)
    of_members = {kpi.code for kpi in KPIS if kpi.is_measured and not kpi.opened}
    assert of_members == set(expected) <= set(stored)
    assert not approached.has_sources()
    for code, (numerator, denominator, members) in expected.items():
        row = stored[code]
        found = (row.numerator, round(row.denominator, 4), row.members)
        assert found == (round(numerator, 4), round(denominator, 4), members), code
    reader = staff_of(Role.ANALYST)
    for kpi in (kpi for kpi in KPIS if kpi.is_listed):
        listed = {
            part: members_behind(kpi, part, last_day=LAST, staff=reader) for part in PARTS if kpi.lists(part)
        }
        known = expected[kpi.code][2]
        if kpi.code == "registration_conversion":  # the nameless are counted, not listed
            known -= sum(1 for at in first_visits(visits) if START <= at + timedelta(days=30) < END)
        assert len(listed["denominator"].member_ids) == min(known, 50), kpi.code
        if kpi.is_share and not kpi.of_money:
            assert len(listed["numerator"].member_ids) == min(int(expected[kpi.code][0]), 50), kpi.code


def first_visits(visits: list[tuple[datetime, str, str]]) -> list[datetime]:
    first: dict[str, datetime] = {}
    for at, visitor, key in visits:
        first[visitor or key] = min(at, first.get(visitor or key, at))
    return list(first.values())
