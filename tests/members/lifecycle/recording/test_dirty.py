"""Who is marked and who is not: bounds, corrections, facts of the future."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction

from crm.runtime.clock import set_database_day
from members.lifecycle.models import Dirty, Standing
from members.lifecycle.recording.restage import restage
from members.lifecycle.recording.verify import verify
from members.portfolio.models import Transaction, Valuation
from members.profiles.models import Event, Member, Signal
from tests.members.lifecycle import oracle, tables, worlds
from tests.members.lifecycle.tables import instant, live
from tests.members.lifecycle.worlds import Row

pytestmark = pytest.mark.django_db
TODAY = date(2024, 5, 10)
NOW = instant("2024-05-10T12:00:00+08:00")
USUAL = oracle.Policy(1, tables.LONG_AGO, warn_floor=Decimal(0))


@pytest.fixture
def wang():
    """Valued at 5,000 for ten days, active, staged today: bounds 4,000.01 to 5,000."""
    life = live("2024-04-01T10:00:00+08:00", "2024-04-01T10:00:00+08:00")
    life.rows["login"] = Row("login", at=instant("2024-05-09T10:00:00+08:00"))
    life.rows["valued"] = Row("valuation", day=TODAY - timedelta(10), amount=Decimal(5000))
    with tables.platform("Asia/Shanghai", [USUAL]):
        (member_id,) = tables.put_world(worlds.World(None, None, [], [life]))
        restage(now=NOW)
        assert not Dirty.objects.exists()
        standing = Standing.objects.get(pk=member_id)
        assert (standing.aum_low, standing.aum_high) == (Decimal("4000.01"), Decimal(5000))
        yield member_id


def marked() -> set[int]:
    return set(Dirty.objects.values_list("member_id", flat=True))


@pytest.mark.parametrize("aum", ["4000.01", "4500", "5000"])
@pytest.mark.parametrize("days", [0, 1])
def test_a_valuation_within_the_bounds_marks_nobody(wang, aum, days):
    with transaction.atomic():
        set_database_day(NOW + timedelta(days))
        Valuation.objects.create(member_id=wang, date=TODAY + timedelta(days), aum=Decimal(aum))
    assert marked() == set()
    assert Standing.objects.get(pk=wang).aum == Decimal(aum)
    assert verify(now=NOW + timedelta(days=1)).differing == 0


@pytest.mark.parametrize("aum", ["4000", "5000.01", "0"])
@pytest.mark.parametrize("days", [0, 1])
def test_a_valuation_outside_the_bounds_marks_its_member(wang, aum, days):
    with transaction.atomic():
        set_database_day(NOW + timedelta(days))
        Valuation.objects.create(member_id=wang, date=TODAY + timedelta(days), aum=Decimal(aum))
    assert marked() == {wang}
    restage(now=NOW + timedelta(days=1))
    assert marked() == set()
    assert Standing.objects.get(pk=wang).aum == Decimal(aum)
    assert verify(now=NOW + timedelta(days=1)).differing == 0


def test_an_importer_that_does_not_name_the_day_marks_more_than_needed(wang):
    Valuation.objects.create(member_id=wang, date=TODAY, aum=Decimal(4500))
    restage(now=NOW)
    assert marked() == set()
    assert Standing.objects.get(pk=wang).aum == 4500
    assert verify(now=NOW).differing == 0


def test_a_valuation_of_the_future_waits_even_within_the_bounds(wang):
    with transaction.atomic():
        set_database_day(NOW)
        Valuation.objects.create(member_id=wang, date=TODAY + timedelta(days=2), aum=Decimal(4500))
    restage(now=NOW + timedelta(days=1))
    assert Standing.objects.get(pk=wang).aum == 5000
    restage(now=NOW + timedelta(days=2))
    assert Standing.objects.get(pk=wang).aum == 4500
    assert verify(now=NOW + timedelta(days=2)).differing == 0


def test_several_valuations_within_the_bounds_one_after_the_other(wang):
    for days, aum in enumerate(("4100", "5000", "4000.01", "4999.99"), start=1):
        with transaction.atomic():
            set_database_day(NOW + timedelta(days))
            Valuation.objects.create(member_id=wang, date=TODAY + timedelta(days), aum=Decimal(aum))
        assert marked() == set()
        assert verify(now=NOW + timedelta(days)).differing == 0


def test_a_late_valuation_marks_even_within_the_bounds(wang):
    Valuation.objects.create(member_id=wang, date=TODAY - timedelta(3), aum=Decimal(4500))
    assert marked() == {wang}


def test_an_update_of_a_valuation_marks(wang):
    Valuation.objects.filter(member_id=wang).update(aum=Decimal(4500))
    assert marked() == {wang}


def test_deleting_a_valuation_marks(wang):
    Valuation.objects.filter(member_id=wang).delete()
    assert marked() == {wang}


def test_a_repeated_row_marks_nobody(wang):
    same = Valuation(member_id=wang, date=TODAY - timedelta(10), aum=Decimal(5000))
    Valuation.objects.bulk_create([same], ignore_conflicts=True)
    assert marked() == set()


def test_an_event_that_is_no_login_marks_nobody(wang):
    Event.objects.create(member_id=wang, id="p", at=NOW, name="page")
    assert marked() == set()


@pytest.mark.parametrize(
    "row",
    [
        Row("login", at=NOW),
        Row("buy", at=NOW, amount=Decimal(1)),
        Row("redemption", at=NOW, amount=Decimal(1)),
        Row("complaint", at=NOW),
        Row("closing_request", at=NOW),
    ],
    ids=lambda row: row.kind,
)
def test_each_kind_of_fact_leaves_the_standing_true(wang, row):
    tables.put_rows([(wang, "new", row)])
    restage(now=NOW + timedelta(minutes=1))
    assert marked() == set()
    assert verify(now=NOW + timedelta(minutes=1)).differing == 0
    tables.stored(wang, "new", row).delete()
    restage(now=NOW + timedelta(minutes=2))
    assert verify(now=NOW + timedelta(minutes=2)).differing == 0


def test_money_that_turns_out_to_be_of_another_product_marks(wang):
    tables.put_rows([(wang, "new", Row("redemption", at=NOW, amount=Decimal(1)))])
    restage(now=NOW + timedelta(minutes=1))
    Transaction.objects.filter(member_id=wang, id="new").update(product_id=7)
    assert marked() == {wang}


def test_a_mark_is_of_the_same_transaction_as_the_fact(wang):
    with transaction.atomic():
        Signal.objects.create(member_id=wang, id="s", at=NOW, kind="complaint")
        transaction.set_rollback(True)
    assert marked() == set()


def test_rows_that_come_by_copy_mark_like_others(wang):
    with connection.cursor() as cursor:
        lines = "member_id, id, at, kind, amount"
        with cursor.copy(f"COPY portfolio_transaction ({lines}) FROM STDIN") as copy:
            copy.write_row((wang, "c", NOW, "redemption", Decimal(3000)))
    assert marked() == {wang}
    restage(now=NOW)
    assert Standing.objects.get(pk=wang).stage == "decline"


def test_a_new_registration_marks(wang):
    prospect = Member.objects.create(known_at=NOW - timedelta(days=1), updated_at=NOW)
    restage(now=NOW)
    assert Standing.objects.get(pk=prospect.pk).stage == "acquisition"
    Member.objects.filter(pk=prospect.pk).update(registered_at=NOW + timedelta(minutes=1))
    restage(now=NOW + timedelta(minutes=2))
    assert Standing.objects.get(pk=prospect.pk).stage == "activation"


def test_a_fact_of_the_future_waits(wang):
    at = NOW + timedelta(days=3, hours=5)
    Signal.objects.create(member_id=wang, id="s", at=at, kind="closing_request")
    restage(now=NOW)
    assert Standing.objects.get(pk=wang).stage == "growth"
    restage(now=at - oracle.MICROSECOND)
    assert Standing.objects.get(pk=wang).stage == "growth"
    assert marked() == {wang}
    restage(now=at)
    assert Standing.objects.get(pk=wang).stage == "decline"
    assert tables.changes(wang)[-1].at == at
    assert marked() == set()


def test_a_fact_of_the_future_taken_back_never_was(wang):
    at = NOW + timedelta(days=3)
    Transaction.objects.create(member_id=wang, id="t", at=at, kind="redemption", amount=Decimal(5000))
    restage(now=NOW)
    Transaction.objects.filter(member_id=wang, id="t").delete()
    restage(now=at)
    assert Standing.objects.get(pk=wang).stage == "growth"
    assert verify(now=at).differing == 0


EARLY, LATE = instant("2024-01-01T10:00:00+08:00"), instant("2024-02-01T10:00:00+08:00")


@pytest.mark.parametrize(
    ("before", "after", "until"),
    [
        ((LATE, None), (LATE, None), None),
        ((EARLY, LATE), (EARLY, LATE), None),
        ((LATE, None), (EARLY, None), LATE),
        ((EARLY, None), (EARLY, LATE), LATE),
        ((EARLY, LATE), (EARLY, EARLY), LATE),
        ((EARLY, LATE), (EARLY, None), LATE),
    ],
)
def test_a_member_record_marks_where_its_instants_change(before, after, until):
    member = Member.objects.create(known_at=before[0], registered_at=before[1], updated_at=NOW)
    Dirty.objects.all().delete()
    Member.objects.filter(pk=member.pk).update(known_at=after[0], registered_at=after[1])
    assert list(Dirty.objects.values_list("member_id", "until")) == ([(member.pk, until)] if until else [])


def test_marking_many_costs_the_same_whatever_the_session_marked_before():
    """A trigger's plan is made once a session; made for nobody, it compared each member with every other."""
    Member.objects.bulk_create(Member(known_at=EARLY, updated_at=NOW) for _ in range(3000))
    Member.objects.filter(pk=None).update(region="")
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) UPDATE profiles_member SET known_at = %s", [LATE])
        told = cursor.fetchone()[0][0]
    (spent,) = [one["Time"] for one in told["Triggers"] if one["Trigger Name"] == "lifecycle_updated"]
    assert spent < told["Execution Time"] / 2
