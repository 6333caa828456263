"""New facts that leave an answer as it is: the standing is updated without an evaluation, and is as right."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from crm.runtime.clock import set_database_day
from members.lifecycle.models import Standing
from members.lifecycle.recording.restage import restage
from tests.harness.examples import examples
from tests.members.lifecycle import oracle, tables, worlds
from tests.members.lifecycle.checks import check_all
from tests.members.lifecycle.worlds import Row

pytestmark = pytest.mark.django_db(transaction=True)
ZONE = ZoneInfo("Asia/Shanghai")
REGISTERED, NOW = tables.instant("2024-04-01T10:00:00+08:00"), tables.instant("2024-05-10T12:00:00+08:00")
POLICY = oracle.Policy(
    1, tables.LONG_AGO, warn_floor=Decimal(900), warn_idle_days=9, idle_days=12,
    dormant_days=20, churned_days=30, fall_window_days=8,
    signal_days=5, fall_memory_days=20, fall_floor=Decimal(1000), mature_aum=Decimal(5000), mature_days=4,
    mature_tenure_days=45,
    empty_aum=Decimal(10),
)  # fmt: skip
WORTHS = tuple(map(Decimal, (0, 5, 5, 11, 15, 990, 1000, 1500, 3000, 4900, 4999, 5000, 8000)))
AMOUNTS = tuple(map(Decimal, (1, 5, 10, 50, 99, 100, 150, 300, 800, 1000, 3000, 5000)))
KINDS = (
    "login",
    "login",
    "buy",
    "buy",
    "buy",
    "redemption",
    "payout",
    "dividend",
    "page",
    "valuation",
    "complaint",
) + ("closing_request",)
GAPS = (
    timedelta(minutes=10),
    timedelta(hours=3),
    timedelta(hours=12),
    timedelta(days=1),
    timedelta(days=6),
    timedelta(days=15),
)


def calm_life(worth: Decimal) -> worlds.Life:
    life = worlds.Life(REGISTERED, REGISTERED)
    life.rows["login"] = Row("login", at=NOW - timedelta(days=1))
    life.rows["valued"] = Row("valuation", day=date(2024, 4, 20), amount=worth)
    life.rows["later"] = Row("valuation", day=date(2024, 5, 8), amount=worth)
    return life


@st.composite
def news(draw: st.DrawFn, after, gap) -> Row:
    kind, amount = draw(st.sampled_from(KINDS)), draw(st.sampled_from(AMOUNTS))
    at = after + draw(st.sampled_from((0.01, 0.2, 0.5, 0.5, 0.9, 1.0, 1.5))) * gap
    if kind == "valuation":
        return Row(kind, day=at.astimezone(ZONE).date(), amount=draw(st.sampled_from(WORTHS)))
    return Row(kind, at=at, amount=amount)


def check_foresight(world: worlds.World, ids: list[int], now) -> None:
    """Whom nothing troubles is due when the definition says, and assets within bounds change no answer."""
    tomorrow = now.astimezone(ZONE).date() + timedelta(days=1)
    then = oracle.first_instant(tomorrow, ZONE)
    for member_id, life in zip(ids, world.members, strict=True):
        standing, facts = Standing.objects.get(pk=member_id), life.facts()
        if standing.rules or standing.warnings:
            continue
        assert standing.due_at == oracle.due_at(facts, world.policies, now, ZONE), f"at {now}: {life}"
        to_come = any((row.at or oracle.first_instant(row.day, ZONE)) > now for row in life.rows.values())
        if to_come or (standing.due_at is not None and standing.due_at <= then):
            continue
        for worth in filter(None, (standing.aum_low, standing.aum_high)):
            valued = replace(facts, valuations=facts.valuations | {tomorrow: worth})
            expected = oracle.answer(facts, world.policies, then, ZONE)
            assert oracle.answer(valued, world.policies, then, ZONE) == expected, f"{worth} at {now}: {life}"
            due = oracle.due_at(valued, world.policies, then, ZONE)
            assert standing.due_at == due, f"{worth} at {now}: {life}"


@pytest.mark.slow(5)
@examples(10, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_whatever_comes_in_the_order_of_time_is_answered_as_anew(data):
    world = worlds.World(ZONE, date(2024, 4, 1), [POLICY])
    world.members = [calm_life(data.draw(st.sampled_from(WORTHS))) for _ in range(4)]
    world.members[0].registered_at = data.draw(st.sampled_from((REGISTERED, None)))
    with tables.platform(str(ZONE), world.policies):
        ids = tables.put_world(world)
        now, serial = NOW, 0
        restage(now=now)
        for gap in data.draw(st.lists(st.sampled_from(GAPS), min_size=2, max_size=5)):
            with transaction.atomic():
                if data.draw(st.booleans()):  # an importer that names the business day
                    set_database_day(now + gap)
                for member_id, life in zip(ids, world.members, strict=True):
                    for row in data.draw(st.lists(news(now, gap), max_size=3)):
                        serial += 1
                        key = worlds.key(row, serial)
                        if key not in life.rows:
                            tables.put_rows([(member_id, key, row)])
                            life.rows[key] = row
            now += gap
            restage(now=now)
            check_all(world, ids, now)
            check_foresight(world, ids, now)


def carried(
    *rows: Row, worth: Decimal = Decimal(0), life: worlds.Life | None = None, now=NOW + timedelta(hours=2)
) -> tuple[bool, Standing]:
    """Whether these rows were settled without an evaluation, and the standing after them."""
    life = life or calm_life(worth)
    with tables.platform(str(ZONE), [POLICY]):
        (member_id,) = ids = tables.put_members([life])
        tables.put_rows([(member_id, key, row) for key, row in life.rows.items()])
        restage(now=NOW)
        for number, row in enumerate(rows):
            life.rows[f"new {number}"] = row
            tables.put_rows([(member_id, f"new {number}", row)])
        statements: list[str] = []

        def note(execute, statement, *rest):
            statements.append(statement)
            return execute(statement, *rest)

        with connection.execute_wrapper(note):
            assert restage(now=now).members == 1
        check_all(worlds.World(ZONE, date(2024, 4, 1), [POLICY], [life]), ids, now)
        evaluated = any("INSERT INTO _answer" in statement for statement in statements)
        return not evaluated, Standing.objects.get(pk=member_id)


LATER = NOW + timedelta(hours=1)


def test_a_login_moves_the_instant_at_which_silence_would_tell():
    settled, standing = carried(Row("login", at=LATER), worth=Decimal(3000))
    assert settled
    assert standing.last_login_at == LATER
    assert standing.due_at == tables.instant("2024-05-19T00:00:00+08:00")  # nine days after the 10th
    assert (standing.aum_low, standing.aum_high) == (Decimal("2400.01"), Decimal(3000))


def test_a_purchase_moves_assets_their_peak_and_the_bounds():
    bought = Row("buy", at=LATER, amount=Decimal(500))
    settled, standing = carried(bought, worth=Decimal(3000))
    assert settled
    assert (standing.aum, standing.peak_aum, standing.last_trade_at) == (Decimal(3500), Decimal(3500), LATER)
    assert (standing.aum_low, standing.aum_high) == (Decimal("2800.01"), Decimal(3500))
    assert standing.aum_on == date(2024, 5, 10)


def test_below_the_floor_of_falls_the_floor_bounds_what_may_come_quietly():
    settled, standing = carried(Row("buy", at=LATER, amount=Decimal(50)), worth=Decimal(500))
    assert settled
    assert (standing.aum_low, standing.aum_high) == (Decimal("10.01"), Decimal("899.99"))


def test_who_waits_for_maturity_waits_on_after_a_purchase():
    settled, standing = carried(Row("buy", at=LATER, amount=Decimal(50)), worth=Decimal(6000))
    assert settled
    assert (standing.stage, standing.steady_since) == ("growth", date(2024, 4, 20))
    assert standing.due_at == tables.instant("2024-05-16T00:00:00+08:00")  # 45 days after registration
    assert (standing.aum_low, standing.aum_high) == (Decimal(5000), Decimal(6050))


def test_money_of_who_is_not_registered_moves_only_assets():
    life = calm_life(Decimal(3000))
    life.registered_at = None
    settled, standing = carried(Row("buy", at=LATER, amount=Decimal(50)), life=life)
    assert settled
    assert (standing.stage, standing.aum, standing.aum_on) == (
        "acquisition",
        Decimal(3050),
        date(2024, 5, 10),
    )
    assert (standing.aum_low, standing.aum_high, standing.due_at) == (None, 0, None)


def test_of_purchases_now_and_to_come_those_to_come_wait():
    life, soon = calm_life(Decimal(1500)), NOW + timedelta(days=5)
    with tables.platform(str(ZONE), [POLICY]):
        (member_id,) = ids = tables.put_members([life])
        tables.put_rows([(member_id, key, row) for key, row in life.rows.items()])
        restage(now=NOW)
        life.rows |= {f"new {at}": Row("buy", at=at, amount=Decimal(50)) for at in (LATER, soon)}
        tables.put_rows([(member_id, key, row) for key, row in life.rows.items() if key.startswith("new")])
        for now, worth in ((LATER, 1550), (soon, 1600)):
            restage(now=now)
            check_all(worlds.World(ZONE, date(2024, 4, 1), [POLICY], [life]), ids, now)
            assert Standing.objects.get(pk=member_id).aum == worth


def test_a_flow_on_the_day_of_a_valuation_is_covered_by_it():
    rows = [
        Row("valuation", day=date(2024, 5, 10), amount=Decimal(2900)),
        Row("buy", at=LATER, amount=Decimal(50)),
    ]
    settled, standing = carried(*rows, worth=Decimal(3000))
    assert not settled
    assert standing.aum == Decimal(2900)
    life = [Row("buy", at=NOW - timedelta(hours=1), amount=Decimal(50))]
    settled, standing = carried(*life, worth=Decimal(3000))
    assert not settled, "what happened before the last evaluation is no news"


def test_a_flow_after_a_valuation_of_its_day_that_was_evaluated_is_covered_too():
    life = calm_life(Decimal(3000))
    life.rows["today"] = Row("valuation", day=date(2024, 5, 10), amount=Decimal(2900))
    with tables.platform(str(ZONE), [POLICY]):
        (member_id,) = ids = tables.put_members([life])
        tables.put_rows([(member_id, key, row) for key, row in life.rows.items()])
        restage(now=NOW)
        life.rows["new"] = Row("buy", at=LATER, amount=Decimal(50))
        tables.put_rows([(member_id, "new", life.rows["new"])])
        restage(now=LATER)
        check_all(worlds.World(ZONE, date(2024, 4, 1), [POLICY], [life]), ids, LATER)
        assert Standing.objects.get(pk=member_id).aum == Decimal(2900)


def test_a_purchase_of_before_does_not_undo_a_valuation_that_came_quietly():
    life, next_day = calm_life(Decimal(11)), NOW + timedelta(days=1)
    with tables.platform(str(ZONE), [POLICY]):
        (member_id,) = ids = tables.put_members([life])
        tables.put_rows([(member_id, key, row) for key, row in life.rows.items()])
        restage(now=NOW)
        new = {"new": Row("buy", at=LATER, amount=Decimal(1))}
        new["valued next"] = Row("valuation", day=date(2024, 5, 11), amount=Decimal(11))
        with transaction.atomic():
            set_database_day(next_day)
            tables.put_rows([(member_id, key, row) for key, row in new.items()])
        life.rows |= new
        restage(now=next_day)
        check_all(worlds.World(ZONE, date(2024, 4, 1), [POLICY], [life]), ids, next_day)
        assert Standing.objects.get(pk=member_id).aum == 11


def test_silence_between_two_logins_is_seen():
    logins = [Row("login", at=NOW + timedelta(days=1)), Row("login", at=NOW + timedelta(days=13))]
    settled, standing = carried(*logins, worth=Decimal(3000), now=NOW + timedelta(days=14))
    assert not settled
    assert [row.kind for row in tables.raised(standing.pk)] == ["idle"]


@pytest.mark.parametrize(
    ("worth", "row"),
    [
        (3000, Row("buy", at=LATER, amount=Decimal(2000))),  # reaches the level of maturity
        (5000, Row("redemption", at=LATER, amount=Decimal(1))),  # leaves it
        (3000, Row("redemption", at=LATER, amount=Decimal(600))),  # a fall that warns
        (15, Row("redemption", at=LATER, amount=Decimal(10))),  # as good as nothing left
        (5, Row("redemption", at=LATER, amount=Decimal(10))),  # less than nothing is nothing
        (5, Row("buy", at=LATER, amount=Decimal(10))),  # logins count again
        (3000, Row("complaint", at=LATER)),
        (3000, Row("valuation", day=date(2024, 5, 10), amount=Decimal(3100))),  # above the peak
    ],
)
def test_facts_that_may_change_the_answer_are_evaluated(worth, row):
    settled, _standing = carried(row, worth=Decimal(worth))
    assert not settled
