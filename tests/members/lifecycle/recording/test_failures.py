"""One member whose data cannot be evaluated is set apart by name; everybody else goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DataError, connection
from hypothesis import given
from hypothesis import strategies as st

from members.lifecycle.counts.as_of import count_as_of
from members.lifecycle.evaluation.isolate import isolate
from members.lifecycle.forecast.explain import EvaluationFailed, explain
from members.lifecycle.forecast.forecast import stage_changes_within
from members.lifecycle.models import Dirty, EvaluationFailure, Standing, Transition
from members.lifecycle.policy.preview import preview_policy
from members.lifecycle.policy_versions import policy_at
from members.lifecycle.recording.failures import retry
from members.lifecycle.recording.restage import has_pending, restage
from members.lifecycle.recording.verify import restage_full, verify
from members.portfolio.models import Transaction, Valuation
from tests.harness.examples import examples
from tests.members.lifecycle import tables
from tests.members.lifecycle.checks import check_line, check_standing
from tests.members.lifecycle.crowd import NOW, POLICY, START, crowd
from tests.members.lifecycle.evaluation.impossible import too_much

pytestmark = pytest.mark.django_db(transaction=True)
SIZE = 70
ANSWER = ("stage", "sub_state", "rules", "warnings", "due_at", "since", "recorded_from", "aum")
DAY_OF = "lifecycle_day_of(timestamptz, text, timestamptz, interval)"


@pytest.fixture
def people():
    """Seventy members, two of whom have amounts that are stored one by one and overflow together."""
    world = crowd(SIZE)
    with tables.platform(str(world.zone), world.policies):
        ids = tables.put_world(world)
        for number in (9, 44):
            overflow(ids[number])
        yield world, ids


def overflow(member_id: int) -> None:
    too_much(member_id, START + timedelta(hours=3))


def mend(member_id: int) -> None:
    Transaction.objects.filter(member_id=member_id, id__startswith="huge").delete()


def check_others(world, ids, *failed: int) -> None:
    """Everybody but the failed is staged as the definition says, which is asked once for each kind."""
    standings = Standing.objects.in_bulk(ids)
    judged: dict[int, Standing] = {}
    for number in sorted(set(range(SIZE)) - set(failed)):
        standing = standings[ids[number]]
        alike = judged.setdefault(number % 7, standing)
        if alike is standing:
            check_standing(world, world.members[number], standing, NOW)
            check_line(world, world.members[number], standing, NOW)
        assert [getattr(standing, name) for name in ANSWER] == [getattr(alike, name) for name in ANSWER]
        assert tables.changes(standing.member_id) == tables.changes(alike.member_id)
        assert tables.raised(standing.member_id) == tables.raised(alike.member_id)


@pytest.mark.parametrize("batch", [20000, 16])
def test_an_impossible_sum_sets_its_member_apart_and_all_others_are_staged(people, batch):
    world, ids = people
    done = restage(now=NOW, batch=batch)
    assert (done.members, done.failed) == (SIZE, 2)
    check_others(world, ids, 9, 44)
    failures = {row.member_id: row for row in EvaluationFailure.objects.all()}
    assert set(failures) == {ids[9], ids[44]}
    assert {(row.code, row.sqlstate, row.attempts) for row in failures.values()} == {("amount", "22003", 1)}
    assert not has_pending(now=NOW)
    assert restage(now=NOW).members == 0  # not tried again for ever


def test_a_member_set_apart_is_evaluated_when_its_facts_change(people):
    world, ids = people
    restage(now=NOW)
    mend(ids[9])
    assert restage(now=NOW).failed == 0
    assert set(EvaluationFailure.objects.values_list("member_id", flat=True)) == {ids[44]}
    check_others(world, ids, 44)
    assert (found := verify(now=NOW)).differing == 0, found.samples
    assert found.failed == 1


def test_what_failed_long_ago_is_evaluated_from_there_on(people):
    """The facts that failed lie before the one that mends; the line is whole afterwards."""
    world, ids = people
    mend(ids[9])
    restage(now=NOW - timedelta(days=1))
    overflow(ids[9])
    assert restage(now=NOW - timedelta(hours=12)).failed == 1
    Dirty.objects.all().delete()
    Transaction.objects.filter(member_id=ids[9], id__startswith="huge").update(kind="fee")
    restage(now=NOW)
    check_others(world, ids, 44)


def test_a_valuation_within_the_bounds_of_the_old_answer_is_a_change_too(people):
    """The sum of flows no longer counts once a valuation replaces it."""
    _world, ids = people
    restage(now=NOW)
    Valuation.objects.create(member_id=ids[44], date=(START + timedelta(days=5)).date(), aum=Decimal(5000))
    assert restage(now=NOW).members == 1


def test_failures_are_tried_again_by_hand_and_under_another_policy(people):
    _world, ids = people
    restage(now=NOW)
    assert retry() == 2
    assert restage(now=NOW + timedelta(minutes=1)).failed == 2
    assert set(EvaluationFailure.objects.values_list("attempts", flat=True)) == {2}
    assert retry([ids[9]]) == 1
    restage(now=NOW + timedelta(minutes=2))
    later = NOW + timedelta(hours=1)
    tables.put_policies([replace(POLICY, version=2, effective_from=later, idle_days=3)])
    assert has_pending(now=later)
    assert restage(now=later).failed == 2
    assert restage(now=later).members == 0
    assert set(EvaluationFailure.objects.values_list("policy_version", flat=True)) == {2}


def test_due_members_and_histories_fail_alone(people):
    """A member that fails when it is due does not come up for ever, nor does a past to be written."""
    world, ids = people
    for number in (9, 44):
        mend(ids[number])
    restage(now=NOW)
    refuse(ids[12])
    later = NOW + timedelta(days=30)
    done = restage(now=later)
    assert done.failed == 1
    assert EvaluationFailure.objects.get().member_id == ids[12]
    assert EvaluationFailure.objects.get().code == "other"
    assert restage(now=later, history=True).failed == 0
    allow()
    retry()
    assert restage(now=later).failed == 0
    assert (found := verify(now=later)).differing == 0, found.samples


def refuse(member_id: int) -> None:
    """Let everything that stores this member's standing fail, as a faulty trigger does."""
    with tables.as_owner() as cursor:
        cursor.execute(
            "CREATE FUNCTION pg_temp_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'refused'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER refuse BEFORE UPDATE ON lifecycle_standing FOR EACH ROW "
            f"WHEN (NEW.member_id = {member_id}) EXECUTE FUNCTION pg_temp_refuse()"
        )


def allow() -> None:
    with tables.as_owner() as cursor:
        cursor.execute("DROP TRIGGER IF EXISTS refuse ON lifecycle_standing")
        cursor.execute("DROP FUNCTION IF EXISTS pg_temp_refuse()")


@pytest.fixture
def broken_day(people):
    """Evaluating member 9's registration fails in every statement: its day lies beyond what Python reads."""
    world, ids = people
    for number in (9, 44):
        mend(ids[number])
    restage(now=NOW)
    with tables.as_owner() as cursor:
        cursor.execute(
            f"CREATE OR REPLACE FUNCTION {DAY_OF} RETURNS date "
            "LANGUAGE plpgsql AS $$ BEGIN "
            f"IF $1 = '{marked_instant()}' THEN RAISE 'no such day' USING ERRCODE = '22008'; END IF; "
            "RETURN (CASE WHEN $1 >= $3 THEN $1 AT TIME ZONE $4 ELSE $1 AT TIME ZONE $2 END)::date; END $$"
        )
    mark(ids[9])
    yield world, ids
    with tables.as_owner() as cursor:
        cursor.execute(
            f"CREATE OR REPLACE FUNCTION {DAY_OF} RETURNS date "
            "LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ "
            "SELECT (CASE WHEN $1 >= $3 THEN $1 AT TIME ZONE $4 ELSE $1 AT TIME ZONE $2 END)::date $$"
        )


def marked_instant():
    return START + timedelta(hours=1, seconds=7)


def mark(member_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE profiles_member SET registered_at = %s WHERE id = %s", [marked_instant(), member_id]
        )


def test_verification_trials_counts_and_pages_leave_out_who_fails(broken_day):
    _world, ids = broken_day
    found, done = restage_full(now=NOW)
    assert (found.members, found.differing, found.failed) == (SIZE, 0, 1)
    assert done.failed == 1
    assert EvaluationFailure.objects.get().code == "date"
    preview = preview_policy(policy_at(NOW), now=NOW)
    assert (preview.members, preview.failed, preview.moved) == (SIZE - 1, 1, 0)
    counted = count_as_of(at=NOW)
    assert sum(sum(stage.values()) for stage in counted.stages.values()) == SIZE - 1
    assert [one.member_id for one in counted.failed] == [ids[9]]
    stages = {row.member_id: (row.stage, row.sub_state) for row in Standing.objects.filter(pk__in=ids[7:14])}
    assert ids[9] not in stage_changes_within(stages, NOW, NOW + timedelta(days=90))
    with pytest.raises(EvaluationFailed):
        explain(ids[9], NOW)
    assert explain(ids[10], NOW).stage


def test_a_trial_of_values_that_nobody_can_be_evaluated_under_fails_at_once(people):
    """The error is the policy's: nobody is searched for."""
    absurd = policy_at(NOW)
    absurd.idle_days = 10**12
    with pytest.raises(DataError):
        preview_policy(absurd, now=NOW)


def test_a_fault_that_is_nobodys_stops_the_run(people):
    """A missing column is no member's fault: nobody is set apart for it."""
    with tables.as_owner() as cursor:
        cursor.execute("ALTER TABLE lifecycle_standing RENAME COLUMN steady_since TO steady")
    try:
        with pytest.raises(Exception, match="steady_since"):
            restage(now=NOW)
        assert not EvaluationFailure.objects.exists()
        assert not Transition.objects.exists()
    finally:
        with tables.as_owner() as cursor:
            cursor.execute("ALTER TABLE lifecycle_standing RENAME COLUMN steady TO steady_since")


@examples(100)
@given(st.integers(1, 300), st.data())
def test_isolating_costs_a_logarithm_for_each_member_at_fault(size, data):
    faulty = data.draw(st.sets(st.integers(0, size - 1), max_size=6))
    runs = []

    def work(part):
        runs.append(len(part))
        if bad := faulty & set(part):
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / (%s - %s)", [min(bad), min(bad)])
        return list(part)

    results, failed = isolate(work, range(size))
    assert sorted(one.member_id for one in failed) == sorted(faulty)
    assert sorted(member for part in results for member in part) == sorted(set(range(size)) - faulty)
    count = len(faulty)
    assert len(runs) <= 1 + 2 * count * (1 + (size // max(count, 1)).bit_length())
