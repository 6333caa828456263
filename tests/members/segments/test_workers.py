"""Several workers at once, one that is killed, people who save at the same time: real connections."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import Error, connection, transaction

from crm.runtime.models import Change
from crm.staff.models import Role
from members.lifecycle.models import Standing
from members.lifecycle.recording.restage import restage
from members.rules.language.errors import BadRules, Mistake
from members.segments.change.save import Draft, create_segment, save_version
from members.segments.keeping.keep import keep
from members.segments.keeping.verify import verify
from members.segments.models import Dirty, Kind, Membership
from tests.crm.cast import NOW, member, staff_of
from tests.crm.imports import files
from tests.members.segments.worlds import RICH, kept, members_of, segment

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(hours=1)


def in_threads(*works):
    """Run these at once, each with a connection of its own; what each raises (None: nothing)."""
    raised = [None] * len(works)

    def run(number, work):
        try:
            work()
        except Exception as error:
            raised[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_two_workers_and_writers_leave_what_a_full_computation_finds():
    people = [member(aum=10).pk for _ in range(40)]
    rich = segment()
    named = segment({"field": "segment", "op": "has_any", "value": [str(rich.pk)]})
    kept()

    def write():
        for turn in range(12):
            Standing.objects.filter(pk__in=people[turn::3]).update(aum=5000 if turn % 2 else 1)

    def work():
        for _ in range(12):
            keep(now=LATER, batch=7)

    assert in_threads(write, work, work) == [None, None, None]
    kept(LATER)
    assert verify(now=LATER)[2] == []
    assert members_of(rich) == members_of(named)
    moves = Change.objects.filter(kind__startswith="segment.")
    ended = Membership.objects.filter(left_at__isnull=False).count()
    assert moves.filter(kind="segment.joined").count() == Membership.objects.count()
    assert moves.filter(kind="segment.left").count() == ended


def test_the_first_members_of_a_segment_are_known_to_the_planner_at_once(tmp_path):
    rows = "".join(f"U{number},2026-05-01\n" for number in range(2_000))
    files.take(tmp_path, "members", f"member_id,registered_at\n{rows}")
    restage(now=files.NOW)
    made = segment({"field": "stage", "op": "=", "value": "activation"}, now=files.NOW)
    kept(files.NOW)
    assert len(members_of(made)) == 2_000
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'segments_membership'::regclass")
        assert cursor.fetchone() == (2_000,)


def test_a_worker_killed_before_its_commit_loses_and_doubles_nothing():
    who = member(aum=10)
    made = segment()
    kept()
    Standing.objects.filter(pk=who.pk).update(aum=5000)

    def work():
        with suppress(Error):
            keep(now=LATER)

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE segments_tally IN ACCESS EXCLUSIVE MODE")  # written last
        worker = threading.Thread(target=lambda: in_threads(work))
        worker.start()
        pid = _waiting_for_tally(cursor)
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
        worker.join()
    assert Dirty.objects.filter(member_id=who.pk).exists()
    assert members_of(made) == set()
    kept(LATER)
    assert members_of(made) == {who.pk}
    assert Change.objects.filter(kind="segment.joined").count() == 1


def _waiting_for_tally(cursor):
    until = time.monotonic() + 20
    while time.monotonic() < until:
        cursor.execute("SELECT pid FROM pg_locks WHERE relation = 'segments_tally'::regclass AND NOT granted")
        if found := cursor.fetchone():
            return found[0]
    raise AssertionError("no worker came so far")


def test_members_are_computed_only_when_older_writers_are_over():
    """A transaction that wrote before the triggers knew of the segment, and commits after, is not lost."""
    who = member(aum=10)
    may_commit, has_written = threading.Event(), threading.Event()

    def write():
        with transaction.atomic():
            Standing.objects.filter(pk=who.pk).update(aum=5000)
            has_written.set()
            may_commit.wait(20)

    writer = threading.Thread(target=lambda: in_threads(write))
    writer.start()
    assert has_written.wait(20)
    made = segment()
    keep(now=NOW)
    made.refresh_from_db()
    assert made.computed_at is None
    may_commit.set()
    writer.join()
    assert not Dirty.objects.exists()
    kept()
    assert members_of(made) == {who.pk}


def test_two_people_cannot_close_a_circle_from_both_sides():
    maker = staff_of(Role.OPERATIONS)
    one, other = segment(name="One"), segment(name="Other")

    def name(mine, theirs):
        rule = {"any": [RICH, {"field": "segment", "op": "has_any", "value": [str(theirs.pk)]}]}
        draft = Draft(mine.name, Kind.RULE, rule)
        return lambda: save_version(mine.pk, draft, version=1, staff=maker, now=NOW)

    raised = in_threads(name(one, other), name(other, one))
    (refused,) = [error for error in raised if error is not None]
    assert isinstance(refused, BadRules)
    assert [(mistake.path, mistake.code) for mistake in refused.mistakes] == [
        ("$.any[1].value", Mistake.CYCLE)
    ]


def test_one_segment_that_fails_does_not_stop_the_others():
    who = member(aum=10)
    broken, sound = segment(name="Broken"), segment(name="Sound")
    kept()
    type(broken).objects.filter(pk=broken.pk).update(rule={"field": "gone", "op": "=", "value": 1})
    Standing.objects.filter(pk=who.pk).update(aum=5000)
    kept(LATER)
    broken.refresh_from_db()
    assert (broken.failure, broken.computed_at) == ("rule", None)
    assert members_of(sound) == {who.pk}
    assert (
        create_segment(Draft("Next", Kind.RULE, RICH), staff=staff_of(Role.OPERATIONS), now=LATER).computed_at
        is None
    )
