"""What is recorded is verified too: transitions, bounds and kept counts, every member within a week."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from crm.runtime.models import JobRun
from crm.staff.models import Role
from members.lifecycle import tasks
from members.lifecycle.models import StageCount, Standing
from members.lifecycle.recording.nightly import Differing, parts_to_verify
from members.lifecycle.recording.restage import restage
from members.lifecycle.recording.verify import JOB
from members.lifecycle.recording.verify_sample import PARTS, part_of, verify_sample
from tests.crm.cast import browser_of, staff_of
from tests.harness.examples import examples
from tests.members.lifecycle import tables, worlds
from tests.members.lifecycle.crowd import NOW, crowd
from tests.members.lifecycle.recording.test_incremental import rising

pytestmark = pytest.mark.django_db(transaction=True)
ALL = range(PARTS)


@pytest.mark.slow(3)
@examples(6, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_what_restaging_records_is_what_the_facts_give(data):
    """Transitions of the whole record, and the answer with assets at either bound."""
    world = data.draw(worlds.worlds(least=2, most=6))
    with tables.platform(str(world.zone), world.policies):
        ids = tables.put_members(world.members)
        waiting = tables.all_rows(world, ids)
        for now in rising(data, world, most=4):
            come = data.draw(st.integers(0, len(waiting)))
            tables.put_rows(waiting[:come])
            waiting = waiting[come:]
            restage(now=now)
            found = verify_sample(ALL, now=now)
            assert (found.transitions, found.bounds, found.failed) == (0, 0, 0), found.samples
            assert found.members == Standing.objects.filter(recorded_from__lte=now).count()


@pytest.fixture
def people(settings):
    settings.BUSINESS_NOW = NOW.isoformat()
    world = crowd(70)
    with tables.platform(str(world.zone), world.policies):
        ids = tables.put_world(world)
        restage(now=NOW)
        yield ids


def tamper(statement: str, member_id: int) -> None:
    """Change what was recorded behind the back of every trigger."""
    with tables.as_owner() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, [member_id])
        cursor.execute("SET session_replication_role = DEFAULT")


TRANSITIONS, STANDINGS = "lifecycle_transition", "lifecycle_standing"


@pytest.mark.parametrize(
    ("number", "statement", "what"),
    [
        (3, f"DELETE FROM {TRANSITIONS} WHERE member_id = %s AND to_stage = 'growth'", "transitions"),
        (3, f"UPDATE {TRANSITIONS} SET dwell = dwell * 2 WHERE member_id = %s", "transitions"),
        (1, f"UPDATE {STANDINGS} SET aum_high = aum_high + 1000000 WHERE member_id = %s", "bounds"),
        (3, f"UPDATE {STANDINGS} SET aum_low = NULL WHERE member_id = %s", "bounds"),
    ],
)
def test_what_was_changed_behind_the_triggers_is_found_in_its_night(people, number, statement, what):
    member_id = people[number]
    tamper(statement, member_id)
    nights = [verify_sample([part], now=NOW) for part in ALL]
    assert sum(found.members for found in nights) == 70
    (found,) = (found for found in nights if found.transitions or found.bounds)
    assert getattr(found, what) == 1
    assert {sample["member_id"] for sample in found.samples} == {member_id}
    assert found == nights[member_id % PARTS]


def test_who_waits_to_be_restaged_is_not_compared(people):
    tables.put_rows([(people[3], "late", worlds.Row("login", at=NOW - timedelta(days=4)))])
    assert verify_sample(ALL, now=NOW).members == 69


def test_kept_counts_are_part_of_the_night_and_of_the_jobs_page(people):
    tasks.verify()
    run = JobRun.objects.get(name=JOB)
    assert (run.state, run.detail["miscounts"]) == ("succeeded", 0)
    assert run.detail["parts"] == [part_of(date(2024, 3, 7))]
    assert run.detail["sampled"] == 10
    page = browser_of(staff_of(Role.OPERATIONS)).get("/jobs/").content.decode()
    assert "Counts and 10 histories match too." in page
    StageCount.objects.update(members=5)
    with pytest.raises(Differing):
        tasks.verify()
    assert "kept counts" in browser_of(staff_of(Role.OPERATIONS)).get("/jobs/").content.decode()


@pytest.mark.parametrize("missed", [set(), {1}, {1, 2, 3, 4, 5, 6}, {2, 5}])
def test_within_any_week_every_part_is_verified(missed):
    """Nights without a run are made up in the next one."""
    verified: dict[int, set[int]] = {}
    for number in range(21):
        today = date(2026, 3, 1) + timedelta(days=number)
        if number % 7 in missed and number >= 7:
            continue
        verified[number] = set(parts_to_verify(today))
        JobRun.objects.create(
            name=JOB, state="succeeded", started_at=NOW, heartbeat_at=NOW, finished_at=NOW, worker="",
            detail={"day": today.isoformat(), "parts": sorted(verified[number])},
        )  # fmt: skip
        week = [parts for night, parts in verified.items() if number - PARTS < night <= number]
        assert number < PARTS or set().union(*week) == set(ALL)
