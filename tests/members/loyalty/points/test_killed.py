"""A worker that is killed at its work loses and doubles nothing."""

from __future__ import annotations

import os
import signal
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction

from members.loyalty.models import EarnMark, PointsEntry
from members.loyalty.points.earning.drain import drain
from members.loyalty.points.reports.verify import verify
from tests.crm.cast import NOW, member
from tests.harness import forked
from tests.members.loyalty.points.test_earning import buy, of, rule
from tests.members.loyalty.points.worlds import give, programme

LATER = NOW + timedelta(days=2)
# Sessions that wait for this one: of other tests on the server there are many others that wait.
WAITING = "SELECT pid FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
HELD = "SELECT FROM pg_locks WHERE pid = %s"


def until(statement: str, *parameters: object, found: bool) -> tuple:
    """What the statement gives once it gives something, or (`found` False) nothing any more."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            row = cursor.fetchone()
        if (row is not None) is found:
            return row
    raise AssertionError(statement)


@pytest.mark.django_db(transaction=True)
def test_a_drain_killed_before_its_commit_resumes():
    points, who = programme(), member()
    rule(points)
    give(points, who.pk, 5)
    buy(who, "a", 1000)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute("SELECT FROM loyalty_pointsaccount WHERE member_id = %s FOR UPDATE", [who.pk])
        child = forked.start(lambda: drain(now=LATER))
        (session,) = until(WAITING, found=True)  # it has claimed the member, and waits for the account
        os.kill(child, signal.SIGKILL)
        assert forked.wait(child) == -signal.SIGKILL
    until(HELD, session, found=False)  # its session ends when it finds nobody to answer
    assert not PointsEntry.objects.filter(rule_version_id__isnull=False).exists()
    assert EarnMark.objects.filter(member_id=who.pk).exists()
    drain(now=LATER)
    drain(now=LATER)
    assert of(who) == [5, 10]
    assert verify().differing == 0
