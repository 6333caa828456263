"""A trial of a policy: the right answer, once, whoever dies over it; seen by both of the four eyes."""

from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from threading import Thread

import pytest
from django.db import connection, transaction
from django.utils.html import escape

from crm.runtime import tasks
from crm.runtime.models import JobRun, Pulse, QueueState
from crm.runtime.queue.claim import claim_item
from crm.runtime.queue.lease import LeaseLost
from crm.runtime.queue.recover import recover
from crm.staff.models import Request, Role
from crm.staff.permissions import NotAllowed
from members.lifecycle.models import Policy, PolicyTrial, Standing, TrialOutcome
from members.lifecycle.policy import change as policy
from members.lifecycle.policy import trial
from members.lifecycle.policy.preview import Preview
from members.lifecycle.recording.restage import restage
from members.profiles.models import Book
from tests.crm.cast import approved_policy, browser_of, staff_of
from tests.crm.runtime.queue.steps import drained, expire, until, waits_for_a_lock
from tests.harness import forked
from tests.members.lifecycle import tables
from tests.members.lifecycle.crowd import NOW, crowd
from tests.members.lifecycle.policy.trials import VALUES, form, requested

pytestmark = pytest.mark.django_db(transaction=True)
KILLED = 137


@pytest.fixture
def people(settings):
    settings.BUSINESS_NOW = NOW.isoformat()
    world = crowd(70)
    with tables.platform(str(world.zone), world.policies):
        tables.put_world(world)
        restage(now=NOW)
        yield


@pytest.fixture
def asker():
    return staff_of(Role.OPERATIONS)


@pytest.fixture
def many(monkeypatch):
    """More members than are judged within a request."""
    monkeypatch.setattr(trial, "FEW_MEMBERS", 3)


def again(row: PolicyTrial) -> PolicyTrial:
    row.refresh_from_db()
    return row


def where() -> dict[int, tuple[str, str | None, Decimal]]:
    return {row.member_id: (row.stage, row.sub_state, row.aum) for row in Standing.objects.all()}


@contextmanager
def nobody_judges():
    """Whoever reads standings waits until this is over."""
    other = connection.copy()
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute("LOCK TABLE lifecycle_standing IN ACCESS EXCLUSIVE MODE")
    try:
        yield
    finally:
        other.rollback()
        other.close()


def warned() -> dict[int | None, int]:
    """Members with a warning by whose book they are in."""
    managers = dict(Book.objects.filter(ended_at=None).values_list("member_id", "staff_id"))
    found = Standing.objects.exclude(warnings=0).values_list("member_id", flat=True)
    return dict(Counter(managers.get(member_id) for member_id in found))


def wait_until_running(row: PolicyTrial) -> None:
    for _ in range(1000):
        if again(row).item.state == QueueState.RUNNING:
            return
        connection.cursor().execute("SELECT pg_sleep(0.01)")
    raise AssertionError("nobody takes it up")


def test_what_the_trial_tells_is_what_the_policy_then_does(people, asker):
    row = requested(asker)
    assert drained() == 1
    told = Preview.from_json(again(row).result)
    before, warned_before = where(), warned()
    approved_policy(2, effective_from=NOW, **VALUES | same_as_before())
    restage(now=NOW)
    after = where()
    moves, worth = Counter(), Counter()
    for member_id, (stage, sub, aum) in before.items():
        move = ((stage, sub), after[member_id][:2])
        moves[move] += 1
        worth[move] += aum
    moved = {member_id for member_id in before if before[member_id][:2] != after[member_id][:2]}
    assert told.moves == {move: (count, worth[move]) for move, count in moves.items()}
    assert len(told.moves) > 3
    assert {staff: counts[0] for staff, counts in told.warned.items() if counts[0]} == warned_before
    assert {staff: counts[1] for staff, counts in told.warned.items() if counts[1]} == warned()
    assert (told.moved, told.members) == (len(moved), 70)
    assert 0 < told.moved < 70
    assert {sample["member_id"] for sample in told.samples} <= moved
    for sample in told.samples:
        assert (sample["before"], sample["sub_before"], sample["aum"]) == before[sample["member_id"]]
        assert (sample["after"], sample["sub_after"]) == after[sample["member_id"]][:2]
    assert (row.done, row.total) == (70, 70)


def same_as_before() -> dict[str, object]:
    first = Policy.objects.get(version=1)
    return {name: getattr(first, name) for name in policy.FIELDS if name not in VALUES}


def test_at_once_and_by_a_worker_the_answer_is_the_same(people, asker):
    row = requested(asker)
    assert trial.run_if_few_members(row, NOW)
    at_once = row.result
    assert not JobRun.objects.exists()
    PolicyTrial.objects.all().delete()
    later = requested(asker)
    tasks.work_queue()
    assert again(later).result == at_once
    job = JobRun.objects.get()
    assert (job.name, job.state, job.done, job.total) == ("try a policy", "succeeded", 70, 70)


def test_the_same_values_are_tried_once_in_an_hour_under_one_policy(people, asker, many):
    row = requested(asker)
    other = staff_of(Role.ADMINISTRATOR)
    assert requested(other).pk == row.pk
    assert requested(other, {**VALUES, "mature_aum": Decimal("1600.00")}).pk == row.pk
    assert requested(other, {**VALUES, "stalled_days": 1}).pk != row.pk
    assert drained() == 2
    assert requested(other, now=NOW + timedelta(minutes=59)).pk == row.pk
    assert requested(other, now=NOW + timedelta(minutes=61)).pk != row.pk
    approved_policy(2, effective_from=NOW, **same_as_before() | VALUES | {"idle_days": 3})
    assert requested(other).policy_id == 2
    with pytest.raises(NotAllowed):
        requested(staff_of(Role.ANALYST))


def test_two_workers_at_once_do_the_work_once(people, asker):
    row = requested(asker)
    done = []
    first = Thread(target=lambda: (done.append(drained()), connection.close()))
    with nobody_judges():
        first.start()
        wait_until_running(row)
        assert drained() == 0
        assert again(row).item.state == QueueState.RUNNING
    first.join(60)
    assert done == [1]
    assert (again(row).outcome, JobRun.objects.count()) == (TrialOutcome.DONE, 1)


def test_a_trial_whose_process_was_killed_is_taken_up_again(people, asker):
    row = requested(asker)
    run = forked.start(tasks.work_queue, LIFECYCLE_FAULT="after_range")
    assert forked.wait(run) == KILLED
    assert (again(row).outcome, row.item.state, row.result) == (None, QueueState.RUNNING, None)
    assert row.done == 70  # it had got so far
    assert drained() == 0  # its lease lasts
    expire(row.item)
    assert drained() == 1
    assert again(row).outcome == TrialOutcome.DONE
    assert list(JobRun.objects.order_by("pk").values_list("state", flat=True)) == ["lost", "succeeded"]
    assert drained() == 0


def test_a_worker_that_comes_late_changes_no_answer(people, asker):
    row = requested(asker)
    first = claim_item(row.item_id)
    expire(first)
    assert drained() == 1
    before = again(row).finished_at
    with pytest.raises(LeaseLost):
        trial.run_trials([first], NOW + timedelta(hours=1))
    assert (again(row).finished_at, row.outcome) == (before, TrialOutcome.DONE)


def test_who_asks_the_same_at_the_same_moment_gets_the_same_trial(people, asker, many):
    found = []
    second = Thread(target=lambda: (found.append(requested(asker).pk), connection.close()))
    with transaction.atomic():
        row = requested(asker)
        second.start()
        until(waits_for_a_lock)
    second.join(60)
    assert found == [row.pk]


def test_a_trial_that_kills_every_process_is_given_up(people, asker):
    row = requested(asker)
    for attempt in (1, 2, 3):
        item = claim_item(row.item_id)
        assert item.attempts == attempt
        expire(item)
        recover(trial.KIND, NOW)
    assert (again(row).outcome, row.failure) == (TrialOutcome.FAILED, "")
    page = browser_of(asker).get(f"/policy/?trial={row.pk}").content.decode()
    assert "stopped unexpectedly" in page
    assert requested(asker).pk != row.pk


def test_a_failure_is_told_in_words_and_the_next_trial_has_its_turn(people, asker):
    bad, good = requested(asker), requested(asker, {"stalled_days": 1})
    PolicyTrial.objects.filter(pk=bad.pk).update(values=bad.values | {"idle_days": "9" * 12})
    assert drained() == 2
    assert (again(bad).outcome, again(good).outcome) == (TrialOutcome.FAILED, TrialOutcome.DONE)
    assert bad.failure.startswith("DataError")
    assert escape(bad.failure) in browser_of(asker).get(f"/policy/?trial={bad.pk}").content.decode()


def test_old_trials_are_forgotten(people, asker):
    trial.run_if_few_members(requested(asker), NOW)
    requested(asker, {"stalled_days": 1})  # nobody has answered yet
    assert trial.delete_old_trials(NOW + timedelta(days=29)) == 0
    assert trial.delete_old_trials(NOW + timedelta(days=30)) == 1


def test_the_page_shows_how_far_it_is_then_who_would_move_with_what_was_typed(people, asker, many):
    client = browser_of(asker)
    sent = client.post("/policy/", form(client, idle_days="4", dormant_days="4", reason="fewer false alarms"))
    assert sent.status_code == 303
    row = PolicyTrial.objects.get()
    assert sent["Location"] == f"/policy/?trial={row.pk}#trial"
    address = f"/policy/?trial={row.pk}"
    waiting = client.get(address).content.decode()
    assert "Queued" in waiting
    assert "No worker heartbeat yet." in waiting
    assert f'hx-get="{address}"' in waiting
    assert 'value="propose"' not in waiting and 'name="propose"' not in waiting
    Pulse.objects.create(name="worker", at=database_now())
    item = claim_item(row.item_id)
    PolicyTrial.objects.update(started_at=NOW, done=50, total=70)
    polled = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "50 / 70" in polled and "<html" not in polled and "heartbeat" not in polled
    trial.run_trials([item], NOW)
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    whole = client.get(address)
    for text in (part, whole.content.decode()):
        assert "of 70 members and leads would change" in text
        assert f'name="trial" value="{row.pk}"' in text
    start = whole.context_data["form"]
    assert (str(start["idle_days"].value()), start["reason"].value()) == ("4", "fewer false alarms")
    own = {field.html_name: str(field.value() or "") for field in start} | {"trial": str(row.pk)}
    assert client.post("/policy/", own | {"propose": "1"}).status_code == 302
    assert Request.objects.get().proposal["trial"] == row.pk


def database_now():
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]
