"""Late facts overturn transitions: what was believed stays readable, and nobody can rewrite it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from crm.runtime.models import Change
from members.lifecycle.models import Standing, Transition, Warning
from members.lifecycle.recording.restage import restage
from members.lifecycle.recording.verify import verify
from tests.members.lifecycle import oracle, oracle_line, tables, worlds
from tests.members.lifecycle.tables import instant, live
from tests.members.lifecycle.worlds import Row

pytestmark = pytest.mark.django_db
BOUGHT = instant("2024-01-10T10:00:00+08:00")
IDLE_SINCE = instant("2024-03-10T00:00:00+08:00")  # 60 days later; 2024 is a leap year
WARNED_SINCE = instant("2024-02-09T00:00:00+08:00")
SEEN = instant("2024-03-12T09:00:00+08:00")


@pytest.fixture
def zhao():
    """Bought once, was silent for sixty days, and is said to be at risk."""
    life = live("2024-01-08T10:00:00+08:00", "2024-01-08T10:00:00+08:00")
    life.rows["buy"] = Row("buy", at=BOUGHT, amount=Decimal(50_000))
    with tables.platform("Asia/Shanghai", [oracle.Policy(1, tables.LONG_AGO)]):
        (member_id,) = tables.put_world(worlds.World(None, None, [], [life]))
        restage(now=BOUGHT + timedelta(hours=1))
        restage(now=SEEN)
        yield member_id


def test_a_late_login_overturns_the_decline(zhao):
    (decline,) = Transition.objects.filter(member_id=zhao, to_stage="decline")
    assert (decline.effective_at, decline.superseded_at) == (IDLE_SINCE, None)
    tables.put_rows([(zhao, "late", Row("login", at=instant("2024-02-20T10:00:00+08:00")))])
    later = SEEN + timedelta(hours=1)
    restage(now=later)
    (still_there,) = Transition.objects.filter(member_id=zhao, to_stage="decline")
    assert still_there.pk == decline.pk
    assert still_there.superseded_at == later
    assert still_there.inputs == decline.inputs, "what was known then"
    correction = Change.objects.get(kind="lifecycle.transition_superseded")
    assert (correction.member_id, correction.at) == (zhao, later)
    assert correction.payload["to_stage"] == "decline"
    assert instant(correction.payload["effective_at"]) == IDLE_SINCE
    standing = Standing.objects.get(pk=zhao)
    assert (standing.stage, standing.warnings, standing.since) == ("growth", 0, BOUGHT)
    assert tables.raised(zhao) == [
        oracle_line.Raised("idle", WARNED_SINCE, instant("2024-02-20T10:00:00+08:00")),
    ]
    again = instant("2024-04-20T00:00:00+08:00")  # 60 days after 20 February
    restage(now=again)
    assert tables.changes(zhao)[-1] == oracle_line.Change(again, ("growth", None), ("decline", "at_risk"))
    assert verify(now=again).differing == 0


def test_a_late_trade_moves_the_decline_to_a_later_day(zhao):
    tables.put_rows([(zhao, "late", Row("buy", at=BOUGHT + timedelta(days=1), amount=Decimal(10)))])
    restage(now=SEEN)
    declines = Transition.objects.filter(member_id=zhao, to_stage="decline").order_by("effective_at")
    assert [(row.effective_at, row.superseded_at) for row in declines] == [
        (IDLE_SINCE, SEEN),
        (IDLE_SINCE + timedelta(days=1), None),
    ]


def test_a_deleted_purchase_takes_the_investment_back(zhao):
    tables.stored(zhao, "buy", Row("buy", at=BOUGHT)).delete()
    restage(now=SEEN)
    assert Standing.objects.get(pk=zhao).stage == "activation"
    assert [change.after for change in tables.changes(zhao)] == [
        ("activation", None),
        ("activation", "stalled"),
    ]
    assert tables.raised(zhao) == []
    assert (
        Transition.objects.filter(member_id=zhao, to_stage="growth").exclude(superseded_at=None).count() == 1
    )


def test_a_late_fact_that_changes_nothing_supersedes_nothing(zhao):
    before = list(Transition.objects.order_by("id").values())
    tables.put_rows([(zhao, "late", Row("dividend", at=BOUGHT + timedelta(days=3), amount=Decimal(5)))])
    tables.put_rows([(zhao, "too", Row("login", at=BOUGHT + timedelta(hours=3)))])
    restage(now=SEEN)
    assert list(Transition.objects.order_by("id").values()) == before


REWRITING = [
    "DELETE FROM lifecycle_transition",
    "TRUNCATE lifecycle_transition",
    "UPDATE lifecycle_transition SET effective_at = effective_at - interval '1 day'",
    "UPDATE lifecycle_transition SET to_stage = 'maturity'",
    "UPDATE lifecycle_transition SET inputs = '{}'",
    "UPDATE lifecycle_transition SET policy_version = 9",
    "UPDATE lifecycle_transition SET recorded_at = now(), superseded_at = now()",
    "UPDATE lifecycle_transition SET superseded_at = NULL WHERE superseded_at IS NOT NULL",
    "UPDATE lifecycle_transition SET superseded_at = now() WHERE superseded_at IS NOT NULL",
    "DELETE FROM lifecycle_warning",
    "TRUNCATE lifecycle_warning",
    "UPDATE lifecycle_warning SET raised_at = raised_at - interval '1 day'",
    "UPDATE lifecycle_warning SET evidence = '{}'",
    "DELETE FROM lifecycle_policy",
    "UPDATE lifecycle_policy SET idle_days = 61",
]


@pytest.mark.parametrize("statement", REWRITING)
def test_the_database_refuses_to_rewrite_what_was_recorded(zhao, statement):
    tables.put_rows([(zhao, "late", Row("login", at=instant("2024-02-20T10:00:00+08:00")))])
    restage(now=SEEN)  # so that there is a superseded row as well
    assert Transition.objects.exclude(superseded_at=None).exists()
    assert Warning.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("perennial_app",)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
