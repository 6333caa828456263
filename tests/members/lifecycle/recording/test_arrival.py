"""Worked examples of facts that wait, arrive together, or come around a change of policy."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from members.lifecycle.recording.restage import restage
from tests.members.lifecycle import oracle, tables, worlds
from tests.members.lifecycle.checks import check_all
from tests.members.lifecycle.tables import instant, live
from tests.members.lifecycle.worlds import Row

pytestmark = pytest.mark.django_db
SHANGHAI = "Asia/Shanghai"
USUAL = oracle.Policy(1, tables.LONG_AGO, fall_window_days=20, fall_memory_days=20, mature_days=30)
REGISTERED = "2024-01-01T10:00:00+08:00"
FIRST = instant("2024-01-02T10:00:00+08:00")
LAST = instant("2024-01-06T10:00:00+08:00")
DURING = replace(USUAL, version=2, effective_from=instant("2024-01-05T12:00:00+08:00"), stalled_days=3)


def lived(policies: list[oracle.Policy], *rows: Row) -> worlds.World:
    return worlds.World(ZoneInfo(SHANGHAI), FIRST.date(), policies, [live(REGISTERED, REGISTERED, *rows)])


@pytest.mark.parametrize("policies", [[USUAL], [USUAL, DURING]], ids=["one policy", "a second on the way"])
@pytest.mark.parametrize(
    "rows",
    [
        [Row("login", at=instant("2024-01-01T12:00:00+08:00")), Row("login", at=LAST)],
        [
            Row("buy", at=instant("2024-01-01T12:00:00+08:00"), amount=Decimal(2000)),
            Row("redemption", at=instant("2024-01-04T12:00:00+08:00"), amount=Decimal(1500)),
        ],
        [
            Row("dividend", at=instant("2024-01-01T12:00:00+08:00"), amount=Decimal(1)),
            Row("buy", at=instant("2024-01-03T12:00:00+08:00"), amount=Decimal(2000)),
            Row("redemption", at=instant("2024-01-04T12:00:00+08:00"), amount=Decimal(1500)),
        ],
        [
            Row("valuation", day=date(2024, 1, 1), amount=Decimal(0)),
            Row("valuation", day=date(2024, 1, 3), amount=Decimal(2000)),
            Row("valuation", day=date(2024, 1, 4), amount=Decimal(500)),
        ],
        [
            Row("buy", at=instant("2024-01-01T12:00:00+08:00"), amount=Decimal(2000)),
            Row("complaint", at=instant("2024-01-01T13:00:00+08:00")),
            Row("closing_request", at=instant("2024-01-04T12:00:00+08:00")),
        ],
    ],
    ids=["logins", "trades", "first buy to come", "valuations", "signals"],
)
def test_past_and_future_rows_that_arrive_in_one_statement(policies, rows):
    """The part that is still to come must not be forgotten when the part that has come is taken."""
    world = lived(policies, *rows)
    with tables.platform(SHANGHAI, policies):
        ids = tables.put_world(world)
        restage(now=FIRST)
        check_all(world, ids, FIRST)
        restage(now=LAST)
        check_all(world, ids, LAST)


@pytest.mark.parametrize("waiting", [True, False], ids=["known before", "reported late"])
def test_a_fact_a_due_instant_and_a_policy_between_two_runs(waiting):
    policies = [USUAL, DURING]
    world = lived(policies, Row("buy", at=instant("2024-01-03T12:00:00+08:00"), amount=Decimal(2000)))
    with tables.platform(SHANGHAI, policies):
        ids = tables.put_world(world) if waiting else tables.put_members(world.members)
        restage(now=FIRST)
        if not waiting:
            tables.put_rows([(ids[0], key, row) for key, row in world.members[0].rows.items()])
        restage(now=LAST)
        check_all(world, ids, LAST)


def test_two_policies_and_a_due_instant_between_two_runs():
    again = replace(USUAL, version=3, effective_from=instant("2024-01-05T20:00:00+08:00"), stalled_days=5)
    policies = [USUAL, DURING, again]
    world = lived(policies)
    with tables.platform(SHANGHAI, policies):
        ids = tables.put_world(world)
        restage(now=FIRST)
        restage(now=LAST)
        check_all(world, ids, LAST)
        assert [change.at for change in tables.changes(ids[0])] == [
            instant(REGISTERED),
            DURING.effective_from,  # four days are enough to be stalled under the second
            again.effective_from,  # but not under the third …
            instant("2024-01-06T00:00:00+08:00"),  # … until a day later
        ]


@pytest.mark.parametrize("first", ["login", "dividend"])
def test_an_instant_due_between_a_row_that_changes_nothing_and_the_next(first):
    """A closing request lapses after 30 days, between a row too small to be looked at and one that is."""
    world = lived(
        [replace(USUAL, signal_days=30)],
        Row("buy", at=instant("2024-01-01T12:00:00+08:00"), amount=Decimal(2000)),
        Row("closing_request", at=instant("2024-01-03T12:00:00+08:00")),
        Row("login", at=instant("2024-01-05T12:00:00+08:00")),
        Row(first, at=instant("2024-01-20T12:00:00+08:00"), amount=Decimal(1)),
        Row("buy", at=instant("2024-02-10T12:00:00+08:00"), amount=Decimal(1)),
    )
    with tables.platform(SHANGHAI, world.policies):
        ids = tables.put_world(world)
        for day in ("2024-01-06", "2024-01-12", "2024-02-12"):
            now = instant(f"{day}T10:00:00+08:00")
            restage(now=now)
            check_all(world, ids, now)
        assert instant("2024-02-02T00:00:00+08:00") in {change.at for change in tables.changes(ids[0])}
