"""Restaging what changed gives what staging everything anew would, whatever the order of arrival."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from crm.runtime.clock import set_database_day
from members.lifecycle.models import Standing, Transition
from members.lifecycle.recording.restage import restage
from members.lifecycle.recording.verify import restage_full, verify
from members.profiles.models import Member
from tests.harness.examples import examples
from tests.members.lifecycle import oracle, tables, worlds
from tests.members.lifecycle.checks import check_all, expected_recorded_from
from tests.members.lifecycle.engine import answers

pytestmark = pytest.mark.django_db(transaction=True)
QUIET = list(HealthCheck)
OPERATIONS = ("add", "add", "add", "amount", "move", "delete", "repeat", "register")


class Arrivals:
    """Applies drawn operations to the tables and to the plain histories alike."""

    def __init__(self, world: worlds.World, ids: list[int]) -> None:
        self.world, self.ids, self.serial = world, ids, 0

    def apply(self, data: st.DataObject, operation: str, number: int) -> None:
        life, member_id = self.world.members[number], self.ids[number]
        if operation == "add":
            self._add(member_id, life, data.draw(worlds.rows(self.world.start, self.world.zone)))
        elif operation == "register":
            self._register(member_id, life, data.draw(worlds.instants(self.world.start, self.world.zone)))
        elif life.rows:
            key = data.draw(st.sampled_from(sorted(life.rows)))
            if life.rows[key].kind == "new_normal":  # append-only
                operation = "repeat"
            getattr(self, f"_{operation}")(data, member_id, life, key)

    def _add(self, member_id: int, life: worlds.Life, row: worlds.Row) -> None:
        self.serial += 1
        key = worlds.key(row, 1000 + self.serial)
        if key in life.rows:  # a day is valued once; a second value is a correction
            tables.stored(member_id, key, row).update(aum=row.amount)
        else:
            tables.put_rows([(member_id, key, row)])
        life.rows[key] = row

    def _register(self, member_id: int, life: worlds.Life, at: datetime) -> None:
        life.registered_at = max(at, life.known_at)
        Member.objects.filter(pk=member_id).update(registered_at=life.registered_at)

    def _amount(self, data: st.DataObject, member_id: int, life: worlds.Life, key: str) -> None:
        row = life.rows[key]
        amount = data.draw(st.sampled_from(worlds.LEVELS[1:]))
        if row.kind == "valuation":
            tables.stored(member_id, key, row).update(aum=amount)
        elif row.kind in ("buy", "redemption", "payout", "dividend", "fee"):
            tables.stored(member_id, key, row).update(amount=amount)
        life.rows[key] = replace(row, amount=amount)

    def _move(self, data: st.DataObject, member_id: int, life: worlds.Life, key: str) -> None:
        row = life.rows[key]
        if row.at is not None:
            at = data.draw(worlds.instants(self.world.start, self.world.zone))
            if row.kind == "complaint":  # closed, or at another instant
                life.rows[key] = replace(row, closed_at=max(at, row.at))
                tables.stored(member_id, key, row).update(closed_at=life.rows[key].closed_at)
                return
            tables.stored(member_id, key, row).update(at=at)
            life.rows[key] = replace(row, at=at)

    def _delete(self, data: st.DataObject, member_id: int, life: worlds.Life, key: str) -> None:
        tables.stored(member_id, key, life.rows.pop(key)).delete()

    def _repeat(self, data: st.DataObject, member_id: int, life: worlds.Life, key: str) -> None:
        tables.put_rows([(member_id, key, life.rows[key])])


def rising(data: st.DataObject, world: worlds.World, most: int) -> list[datetime]:
    drawn = st.lists(worlds.instants(world.start, world.zone, worlds.DAYS + 6), min_size=2, max_size=most)
    return sorted(data.draw(drawn))


@pytest.mark.slow(4)
@examples(8, suppress_health_check=QUIET)
@given(st.data())
def test_any_order_of_arrival_gives_what_a_full_evaluation_gives(data):
    world = data.draw(worlds.worlds(least=2, most=6))
    with tables.platform(str(world.zone), world.policies):
        ids = tables.put_world(world, one_by_one=data.draw(st.booleans()))
        arrivals, first_staged, kept, told = Arrivals(world, ids), {}, {}, None
        for now in rising(data, world, most=4):
            chosen = st.tuples(st.sampled_from(OPERATIONS), st.integers(0, len(ids) - 1))
            # Rows come in between the runs, from an importer that names the business day or does not.
            told = data.draw(st.sampled_from((None, told, now)))
            with transaction.atomic():
                if told:
                    set_database_day(told)
                for operation, number in data.draw(st.lists(chosen, max_size=8)):
                    arrivals.apply(data, operation, number)
            told = now
            restage(now=now, batch=data.draw(st.sampled_from((1, 3, 20000))))
            check_all(world, ids, now)
            for standing in Standing.objects.filter(member_id__in=ids):
                life = world.members[ids.index(standing.member_id)]
                first = first_staged.setdefault(standing.member_id, now)
                assert standing.recorded_from in expected_recorded_from(life, first)
            kept = check_nothing_rewritten(kept)


def check_nothing_rewritten(kept: dict) -> dict:
    """Rows of before are all there, unchanged but for being superseded, which happens once."""
    rows = {row["id"]: row for row in Transition.objects.values()}
    for number, old in kept.items():
        new = rows[number]
        if old["superseded_at"] is None:
            old = {**old, "superseded_at": new["superseded_at"]}
        assert new == old
    return rows


@examples(5, suppress_health_check=QUIET)
@given(st.data())
def test_a_full_run_changes_nothing_that_an_incremental_run_left(data):
    world = data.draw(worlds.worlds(least=3, most=6))
    with tables.platform(str(world.zone), world.policies):
        ids = tables.put_world(world, one_by_one=data.draw(st.booleans()))
        nows = rising(data, world, most=3)
        for now in nows:
            restage(now=now)
        transitions = list(Transition.objects.values())
        named = Standing.objects.order_by("member_id").values("member_id", "stage", "sub_state", "since")
        standings = list(named)
        restage_full(now=nows[-1])
        check_all(world, ids, nows[-1])
        assert list(Transition.objects.values()) == transitions
        assert list(named.all()) == standings


@examples(5, suppress_health_check=QUIET)
@given(st.data())
def test_replaying_a_past_instant_gives_what_was_stored_then(data):
    """Facts arrive in the order they happen; what was answered then is what is answered now of then."""
    world = data.draw(worlds.worlds(least=3, most=6))
    with tables.platform(str(world.zone), world.policies):
        ids = tables.put_members(world.members)
        waiting = [
            (i, k, r) for i, life in zip(ids, world.members, strict=True) for k, r in life.rows.items()
        ]
        stored = {}
        for now in rising(data, world, most=5):
            come = [entry for entry in waiting if happens(entry[2], world) <= now]
            waiting = [entry for entry in waiting if entry not in come]
            tables.put_rows(come)
            restage(now=now)
            stored[now] = {
                row.member_id: (row.stage, row.sub_state, row.rules, row.warnings)
                for row in Standing.objects.all()
            }
        for past, then in stored.items():
            replayed = answers(at=past, member_ids=ids)
            assert then == {
                member_id: (found.stage, found.sub_state, found.rules, found.warnings)
                for member_id, found in replayed.items()
            }


def happens(row: worlds.Row, world: worlds.World) -> datetime:
    return row.at or oracle.first_instant(row.day, world.zone)


def test_a_run_with_nothing_to_do_does_nothing():
    with tables.platform("Asia/Shanghai", [oracle.Policy(1, tables.LONG_AGO)]):
        life = tables.live("2024-01-01T10:00:00+08:00", "2024-01-01T10:00:00+08:00")
        tables.put_members([life])
        now = tables.instant("2024-01-02T10:00:00+08:00")
        restage(now=now)
        before = list(Standing.objects.values())
        restage(now=now + timedelta(hours=1))
        assert list(Standing.objects.values()) == before
        assert verify(now=now + timedelta(hours=1)).differing == 0
