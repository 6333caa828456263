"""A trial of a policy: the right answer, once, whoever dies over it; seen by both of the four eyes."""

from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from threading import Thread

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.utils.html import escape

from crm.runtime.jobs import apart
from crm.runtime.models import JobRun, Pulse
from crm.staff.models import Request, Role
from crm.staff.permissions import NotAllowed
from members.lifecycle import policy, tasks, trial
from members.lifecycle.models import Policy, PolicyTrial, Standing, TrialState
from members.lifecycle.preview import Preview
from members.lifecycle.restage import restage
from members.profiles.models import Member
from tests.crm.cast import NOW as THEN
from tests.crm.cast import browser_of, member, staff_of
from tests.members.lifecycle import tables
from tests.members.lifecycle.crowd import NOW, crowd
from tests.members.lifecycle.processes import manage

pytestmark = pytest.mark.django_db(transaction=True)
KILLED = 137
VALUES = {"idle_days": 4, "dormant_days": 4, "fall_share": Decimal("0.99"), "mature_aum": Decimal(1600)}
WORK = "from crm.runtime import clock; from members.lifecycle import trial; print(trial.work(clock.now()))"


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
    monkeypatch.setattr(trial, "SMALL", 3)


def asked(asker, values=VALUES, now=NOW) -> PolicyTrial:
    return trial.ask(values, effective_from=now + timedelta(days=1), asker=asker, now=now)


def again(row: PolicyTrial) -> PolicyTrial:
    row.refresh_from_db()
    return row


def where() -> dict[int, tuple[str, str | None, Decimal]]:
    return {row.member_id: (row.stage, row.sub_state, row.aum) for row in Standing.objects.all()}


@contextmanager
def nobody_judges():
    """Whoever reads standings waits until this is over."""
    other = apart()
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute("LOCK TABLE lifecycle_standing IN ACCESS EXCLUSIVE MODE")
    try:
        yield
    finally:
        other.rollback()
        other.close()


def wait_until_running(row: PolicyTrial) -> None:
    for _ in range(1000):
        if again(row).state == TrialState.RUNNING:
            return
        connection.cursor().execute("SELECT pg_sleep(0.01)")
    raise AssertionError("nobody takes it up")


def test_what_the_trial_tells_is_what_the_policy_then_does(people, asker):
    row = asked(asker)
    assert trial.work(NOW) == 1
    told = Preview.read(again(row).result)
    before = where()
    Policy.objects.create(version=2, effective_from=NOW, **VALUES | same_as_before())
    restage(now=NOW)
    after = where()
    moves, worth = Counter(), Counter()
    for member_id, (stage, _, aum) in before.items():
        moves[stage, after[member_id][0]] += 1
        worth[stage, after[member_id][0]] += aum
    moved = {member_id for member_id in before if before[member_id][:2] != after[member_id][:2]}
    assert told.moves == {move: (count, worth[move]) for move, count in moves.items()}
    assert len(told.moves) > 3
    assert (told.moved, told.members) == (len(moved), 70)
    assert 0 < told.moved < 70
    assert {sample["member_id"] for sample in told.samples} <= moved
    for sample in told.samples:
        assert (sample["before"], sample["sub_before"], sample["aum"]) == before[sample["member_id"]]
        assert (sample["after"], sample["sub_after"]) == after[sample["member_id"]][:2]
    assert (row.done, row.total, row.attempts) == (70, 70, 1)


def same_as_before() -> dict[str, object]:
    first = Policy.objects.get(version=1)
    return {name: getattr(first, name) for name in policy.FIELDS if name not in VALUES}


def test_at_once_and_by_a_worker_the_answer_is_the_same(people, asker):
    row = asked(asker)
    assert trial.answer_at_once(row, NOW)
    at_once = row.result
    assert not JobRun.objects.exists()
    PolicyTrial.objects.all().delete()
    later = asked(asker)
    tasks.try_policies()
    assert again(later).result == at_once
    job = JobRun.objects.get()
    assert (job.name, job.state, job.done, job.total) == ("try a policy", "succeeded", 70, 70)


def test_the_same_values_are_tried_once_in_an_hour_under_one_policy(people, asker, many):
    row = asked(asker)
    other = staff_of(Role.ADMINISTRATOR)
    assert asked(other).pk == row.pk
    assert asked(other, {**VALUES, "mature_aum": Decimal("1600.00")}).pk == row.pk
    assert asked(other, {**VALUES, "stalled_days": 1}).pk != row.pk
    assert trial.work(NOW) == 2
    assert asked(other, now=NOW + timedelta(minutes=59)).pk == row.pk
    assert asked(other, now=NOW + timedelta(minutes=61)).pk != row.pk
    Policy.objects.create(version=2, effective_from=NOW, **same_as_before() | VALUES | {"idle_days": 3})
    assert asked(other).policy_id == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        given = {"policy": row.policy, "values": row.values, "asked_by": other, "effective_from": NOW}
        PolicyTrial.objects.create(asked_at=NOW, **given)
    with pytest.raises(NotAllowed):
        asked(staff_of(Role.ANALYST))


def test_two_workers_at_once_do_the_work_once(people, asker):
    row = asked(asker)
    done = []
    first = Thread(target=lambda: (done.append(trial.work(NOW)), connection.close()))
    with nobody_judges():
        first.start()
        wait_until_running(row)
        assert trial.work(NOW) == 0
        assert again(row).state == TrialState.RUNNING
    first.join(20)
    assert done == [1]
    assert (again(row).state, row.attempts, JobRun.objects.count()) == (TrialState.DONE, 1, 1)


def test_a_trial_whose_process_was_killed_is_taken_up_again(people, asker):
    row = asked(asker)
    run = manage("shell", "-c", WORK, now=NOW, LIFECYCLE_FAULT="after_range")
    assert run.returncode == KILLED, run.stderr
    assert (again(row).state, row.result) == (TrialState.RUNNING, None)
    assert row.done == 70  # it had got so far
    assert trial.work(NOW) == 1
    assert (again(row).state, row.attempts) == (TrialState.DONE, 2)
    assert trial.work(NOW) == 0


def test_a_trial_that_kills_every_process_is_given_up(people, asker):
    row = asked(asker)
    PolicyTrial.objects.update(state=TrialState.RUNNING, attempts=trial.MOST_ATTEMPTS)
    trial.work(NOW)
    assert (again(row).state, row.failure) == (TrialState.FAILED, "")
    page = browser_of(asker).get(f"/policy/?trial={row.pk}").content.decode()
    assert "ended without a word" in page
    assert asked(asker).pk != row.pk


def test_a_failure_is_told_in_words_and_the_next_trial_has_its_turn(people, asker):
    bad, good = asked(asker), asked(asker, {"stalled_days": 1})
    PolicyTrial.objects.filter(pk=bad.pk).update(values=bad.values | {"idle_days": "9" * 12})
    assert trial.work(NOW) == 2
    assert (again(bad).state, again(good).state) == (TrialState.FAILED, TrialState.DONE)
    assert bad.failure.startswith("DataError")
    assert escape(bad.failure) in browser_of(asker).get(f"/policy/?trial={bad.pk}").content.decode()


def test_old_trials_are_forgotten(people, asker):
    asked(asker)
    assert trial.prune(NOW + timedelta(days=29)) == 0
    assert trial.prune(NOW + timedelta(days=30)) == 1


def form(client, **changes) -> dict[str, str]:
    shown = client.get("/policy/").context_data["form"]
    return {field.html_name: str(field.value() or "") for field in shown} | changes


def test_the_page_shows_how_far_it_is_then_who_would_move_with_what_was_typed(people, asker, many):
    client = browser_of(asker)
    sent = client.post("/policy/", form(client, idle_days="4", dormant_days="4", reason="fewer false alarms"))
    assert sent.status_code == 303
    row = PolicyTrial.objects.get()
    assert sent["Location"] == f"/policy/?trial={row.pk}#trial"
    address = f"/policy/?trial={row.pk}"
    waiting = client.get(address).content.decode()
    assert "Waits for a worker" in waiting
    assert "No worker has given a sign of life yet." in waiting
    assert f'hx-get="{address}"' in waiting
    assert 'value="propose"' not in waiting and 'name="propose"' not in waiting
    Pulse.objects.create(name="worker", at=apart_now())
    PolicyTrial.objects.update(state=TrialState.RUNNING, started_at=NOW, done=50, total=70)
    polled = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "50 / 70" in polled and "<html" not in polled and "sign of life" not in polled
    trial.work(NOW)
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    whole = client.get(address)
    for text in (part, whole.content.decode()):
        assert "of 70 members would change" in text
        assert f'name="trial" value="{row.pk}"' in text
    start = whole.context_data["form"]
    assert (str(start["idle_days"].value()), start["reason"].value()) == ("4", "fewer false alarms")
    own = {field.html_name: str(field.value() or "") for field in start} | {"trial": str(row.pk)}
    assert client.post("/policy/", own | {"propose": "1"}).status_code == 302
    assert Request.objects.get().proposal["trial"] == row.pk


def apart_now():
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def test_a_trial_that_is_not_there_is_a_404_in_words(town):
    client = browser_of(staff_of(Role.ANALYST))
    for asked_for in ("", "x", "0", "-1", "1.5", "²", "999999", "9" * 18, "9" * 40, "1\0"):
        page = client.get("/policy/", {"trial": asked_for})
        assert page.status_code == 404, asked_for
        assert "does not exist" in page.content.decode()


@pytest.fixture
def town(settings, db):
    """Two managers with a member each who would fade after 30 days."""
    settings.BUSINESS_NOW = THEN.isoformat()
    cache.clear()
    Policy.objects.get_or_create(version=1, defaults={"effective_from": THEN - timedelta(days=4000)})
    managers = [staff_of(Role.RELATIONSHIP_MANAGER) for _ in range(2)]
    for manager, name in zip(managers, ("王小明", "欧阳若溪"), strict=True):
        row = member(name, manager=manager, stage="growth", aum=Decimal(5000))
        row.transaction_set.create(id="t", at=THEN - timedelta(days=40), kind="buy", amount=5000)
    return managers


def proposed(asker, **changes):
    row = asked(asker, {"idle_days": 30}, THEN)
    assert trial.answer_at_once(row, THEN)
    given = {"trial": row.pk, "effective_from": THEN + timedelta(days=2), "now": THEN} | changes
    return policy.propose({"idle_days": 30}, reason="seen earlier", maker=asker, **given)


def test_whoever_decides_sees_who_would_move(town, asker):
    request = proposed(asker)
    checker = browser_of(staff_of(Role.COMPLIANCE))
    row = PolicyTrial.objects.get()
    for path in ("/requests/", "/policy/"):
        text = checker.get(path).content.decode()
        assert "<span>Members who would move</span><ins>2 of 2</ins>" in text
        assert f'href="/policy/?trial={row.pk}#trial"' in text
    text = checker.get(f"/policy/?trial={row.pk}").content.decode()
    assert "2 of 2 members would change" in text
    assert "王*" in text and "王小明" not in text
    own = browser_of(asker).get(f"/policy/?trial={row.pk}").content.decode()
    assert 'name="propose"' not in own
    assert "These values are proposed and wait to be decided." in own
    checker.post(f"/requests/{request.pk}/decide/", {"choice": "approve"})
    assert Policy.objects.get(version=2).idle_days == 30


def test_everybody_sees_the_table_and_of_the_examples_only_their_own_members(town, asker):
    proposed(asker)
    address = f"/policy/?trial={PolicyTrial.objects.get().pk}"
    ids = list(Member.objects.order_by("pk").values_list("pk", flat=True))
    for manager, own, other in zip(town, ids, reversed(ids), strict=True):
        text = browser_of(manager).get(address).content.decode()
        assert "2 of 2 members would change" in text
        assert f"/members/{own}/" in text and f"/members/{other}/" not in text
        assert "Examples are members you may see." in text
        assert "<form" not in text.split('id="trial"')[1].split("Versions")[0]
    analyst = browser_of(staff_of(Role.ANALYST)).get(address).content.decode()
    assert f"#{ids[0]}" in analyst and "王" not in analyst


def test_without_having_seen_who_would_move_nothing_is_proposed(town, asker):
    client = browser_of(asker)
    values = form(client, idle_days="30", warn_idle_days="20", reason="seen earlier", propose="1")
    refused = "See first who would move by these very values."

    def says(**more) -> str:
        answer = client.post("/policy/", values | more)
        assert answer.status_code == 422
        return answer.content.decode()

    other = asked(asker, {"idle_days": 45}, THEN)
    trial.answer_at_once(other, THEN)
    same = asked(asker, {"idle_days": 30, "warn_idle_days": 20}, THEN)
    for given in ({}, {"trial": ""}, {"trial": "x"}, {"trial": "9" * 30}, {"trial": str(other.pk)}):
        assert refused in says(**given)
    assert refused in says(trial=str(same.pk))  # is not worked out yet
    trial.answer_at_once(same, THEN)
    PolicyTrial.objects.filter(pk=same.pk).update(finished_at=THEN - timedelta(hours=25))
    assert refused in says(trial=str(same.pk))
    PolicyTrial.objects.filter(pk=same.pk).update(finished_at=THEN)
    assert refused in says(trial=str(same.pk), idle_days="31")  # not what was tried
    text = says(trial=str(same.pk), reason="")
    assert "at least 4 characters" in text
    assert f'name="trial" value="{same.pk}"' in text  # and the table stays
    assert not Request.objects.exists()
    Policy.objects.create(version=2, effective_from=THEN - timedelta(hours=1), stalled_days=9)
    assert refused in says(trial=str(same.pk), stalled_days="7")
    assert not Request.objects.exists()
    assert "under another policy" in client.get(f"/policy/?trial={same.pk}").content.decode()


def test_who_may_not_change_the_policy_cannot_ask(town):
    values = form(browser_of(staff_of(Role.OPERATIONS)), idle_days="30", preview="1")
    for role in set(Role) - {Role.OPERATIONS, Role.ADMINISTRATOR}:
        assert browser_of(staff_of(role)).post("/policy/", values).status_code == 403, role
    assert not PolicyTrial.objects.exists()
