"""Several workers at once, one that is killed, writers that are older than a rule: real connections."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import Error, connection, transaction

from crm.runtime.models import Change
from members.loyalty.incentives.keeping.keep import keep
from members.loyalty.incentives.keeping.verify import verify
from members.loyalty.models import BadgeAward, IncentiveDirty, QuestProgress, StepDone
from members.profiles.models import Event
from tests.crm.cast import NOW, member
from tests.members.loyalty.incentives.worlds import (
    approved,
    awards,
    badge_draft,
    did,
    event,
    kept,
    quest_draft,
    step,
)
from tests.members.segments.test_workers import in_threads

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(hours=1)
REGISTERED = {"field": "registered_at", "op": "present"}


def test_two_workers_and_writers_leave_what_a_full_computation_finds():
    people = [member() for _ in range(30)]
    approved(badge_draft(did("lesson"), "learner", period="month"))
    approved(quest_draft(step(did("card")), step(did("lesson")), rule=REGISTERED, step_order="fixed"))
    kept()

    def write():
        for turn in range(10):
            Event.objects.bulk_create(
                Event(
                    member=one,
                    id=f"{turn} {one.pk}",
                    name="lesson" if turn % 2 else "card",
                    at=NOW + timedelta(minutes=turn),
                    properties={},
                )
                for one in people[turn::3]
            )

    def work():
        for _ in range(8):
            keep(now=LATER, batch=7)

    assert in_threads(write, work, work) == [None, None, None]
    kept(LATER)
    assert verify(now=LATER)[1] == []
    assert BadgeAward.objects.count() == Change.objects.filter(kind="badge.awarded").count()
    completed = QuestProgress.objects.filter(completed_at__isnull=False).count()
    assert completed == Change.objects.filter(kind="quest.completed").count() > 0
    assert StepDone.objects.filter(position=2).count() == completed


def test_a_worker_killed_before_its_commit_loses_and_doubles_nothing():
    who = member()
    approved(badge_draft(did("lesson")))
    kept()
    event(who, "lesson", NOW + timedelta(minutes=1))

    def work():
        with suppress(Error):
            keep(now=LATER)

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE loyalty_badgeaward IN ACCESS EXCLUSIVE MODE")
        worker = threading.Thread(target=lambda: in_threads(work))
        worker.start()
        pid = _waiting_for_award(cursor)
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
        worker.join()
    assert IncentiveDirty.objects.filter(member_id=who.pk).exists()
    assert awards(who) == []
    kept(LATER)
    assert awards(who) == [("", NOW + timedelta(minutes=1))]
    assert Change.objects.filter(kind="badge.awarded").count() == 1


def _waiting_for_award(cursor):
    until = time.monotonic() + 20
    while time.monotonic() < until:
        cursor.execute(
            "SELECT pid FROM pg_locks WHERE relation = 'loyalty_badgeaward'::regclass AND NOT granted"
        )
        if found := cursor.fetchone():
            return found[0]
    raise AssertionError("no worker came so far")


def test_members_are_computed_only_when_older_writers_are_over():
    """A transaction that wrote before the triggers knew of the rule, and commits after, is not lost."""
    who = member()
    may_commit, has_written = threading.Event(), threading.Event()

    def write():
        with transaction.atomic():
            event(who, "lesson", NOW)
            has_written.set()
            may_commit.wait(20)

    writer = threading.Thread(target=lambda: in_threads(write))
    writer.start()
    assert has_written.wait(20)
    approved(badge_draft(did("lesson")))
    keep(now=NOW)
    may_commit.set()
    writer.join()
    kept()
    assert awards(who) == [("", NOW)]
