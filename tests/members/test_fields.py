"""The fields of members: each is described, and is read of now and of a past day, with its next change."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from crm.runtime.clock import day_of, day_start
from crm.staff.models import Role, Staff
from members.lifecycle.models import Policy, Standing, Transition, Warning
from members.lifecycle.recording.restage import restage
from members.portfolio.models import Category, Product, SavingPlan, Transaction, Valuation
from members.profiles.models import Book, Complaint, Event, Member, RiskAssessment
from members.rules.catalogue.fields import Past, fields, fields_for, sources
from members.rules.catalogue.groups import GROUPS
from members.rules.catalogue.types import Type
from tests.crm.cast import NOW, member, staff_of

pytestmark = pytest.mark.django_db
TODAY = day_of(NOW)
TYPES: dict[Type, type | tuple[type, ...]] = {
    Type.MONEY: Decimal,
    Type.NUMBER: (int, Decimal),
    Type.TEXT: (str, bytes, memoryview),
    Type.CHOICE: str,
    Type.DAY: date,
    Type.INSTANT: datetime,
    Type.FLAG: bool,
    Type.SET: list,
}


def joins(aliases: tuple[str, ...]) -> str:
    return " ".join(
        f"{'LEFT ' if one.optional else ''}JOIN {one.table} AS {one.alias} ON {one.alias}.{one.key} = m.id"
        f"{f' AND {one.condition}' if one.condition else ''}"
        for one in map(sources.__getitem__, aliases)
    )


def read(name: str, expression: str, member_id: int, now: datetime = NOW) -> Any:
    statement = (
        f"SELECT {expression} FROM profiles_member AS m {joins(fields[name].sources)} WHERE m.id = %(id)s"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {"id": member_id, "now": now, "today": day_of(now), "english": True})
        return cursor.fetchone()[0]


def value(name: str, row: Member, now: datetime = NOW) -> Any:
    """The value of a field; where it has a past, that says the same."""
    found, past = read(name, fields[name].sql, row.pk, now), fields[name].past
    if isinstance(past, str) and now == NOW:
        assert read(name, past, row.pk) == found
    return found


def following(name: str, row: Member) -> datetime | None:
    return read(name, fields[name].next or "NULL::timestamptz", row.pk)


@pytest.fixture
def product():
    category = Category.objects.create(code="fund", name="基金", name_en="Fund")
    return Product.objects.create(
        code="P", name="稳盈", name_en="Steady", category=category, risk="R1", regime="BW"
    )


def traded(
    row: Member, number: str, days_ago: int, kind: str = "buy", amount: int = 100, **more: Any
) -> None:
    at = NOW - timedelta(days=days_ago)
    Transaction.objects.create(member=row, id=number, at=at, kind=kind, amount=amount, **more)


def test_every_field_can_be_read():
    row = member("王小明")
    for name, field in fields.items():
        found = read(name, field.sql, row.pk)
        assert found is None or isinstance(found, TYPES[field.type]), name
        assert found is not None or field.type not in {Type.FLAG, Type.SET}, name
        for expression in (field.next, field.past, field.display.sql):
            if isinstance(expression, str) and expression:
                read(name, expression, row.pk)


def test_every_field_is_described():
    tables, indexes = set(), set()
    for name, field in fields.items():
        assert str(field.label) and str(field.help) and field.privacy and field.group in GROUPS, name
        tables |= {*field.tables}
        indexes |= {field.index.name, *field.index.among.values()} if field.index else set()
    known = {*connection.introspection.table_names()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes")
        assert {name for (name,) in cursor.fetchall()} >= indexes
    assert known >= tables


def test_what_identifies_a_person_can_be_asked_by_hardly_anybody():
    sealed = {"mobile", "email", "id_number", "address", "birth_date"}
    for role in Role:
        assert not sealed & fields_for(Staff(role=role)).keys()
        assert ("name" in fields_for(Staff(role=role))) == (role == Role.RELATIONSHIP_MANAGER)


def test_products_are_held_until_as_much_came_back(product):
    row, other = member("甲甲"), member("乙乙")
    assert value("products", row) == []
    assert value("product_count", row) == 0
    assert value("total_bought", row) == 0
    traded(row, "1", 20, product=product)
    traded(other, "1", 20, product=product)
    traded(row, "2", -3, kind="redemption", product=product)  # in three days
    assert (value("products", row), value("categories", row)) == (["P"], ["fund"])
    assert read("products", fields["products"].display.sql, row.pk) == ["Steady"]
    assert (value("product_count", row), value("total_bought", row)) == (1, 100)
    assert following("products", row) == NOW + timedelta(days=3)
    assert value("products", row, NOW + timedelta(days=3)) == []
    assert value("products", row, NOW - timedelta(days=21)) == []


def test_what_matures_next_is_what_is_still_held(product):
    row = member("甲甲")
    traded(row, "1", 20, product=product, matures_on=TODAY + timedelta(days=5))
    traded(row, "2", 20, product=product, matures_on=TODAY + timedelta(days=9))
    assert value("next_maturity", row) == TODAY + timedelta(days=5)
    assert value("maturing_amount", row) == 100
    assert following("next_maturity", row) == day_start(TODAY + timedelta(days=6))
    traded(row, "3", 1, kind="redemption", amount=150, product=product)
    assert value("maturing_amount", row) == 50
    traded(row, "4", 1, kind="redemption", amount=50, product=product)
    assert value("next_maturity", row) is None


def test_plans_run_and_miss_their_debits(product):
    row = member("甲甲")
    assert not value("has_plan", row)
    plan = {"amount": 5, "every": "month", "product": product}
    SavingPlan.objects.create(member=row, id="p", started_on=TODAY - timedelta(days=33), **plan)
    assert value("has_plan", row)
    assert not value("plan_missed", row)
    assert following("plan_missed", row) == day_start(TODAY + timedelta(days=1))
    SavingPlan.objects.create(member=row, id="q", started_on=TODAY - timedelta(days=300), **plan)
    assert value("plan_missed", row)
    assert value("plan_missed_since", row) == TODAY - timedelta(days=300 - 31)
    traded(row, "1", 35, product=product)
    assert set(SavingPlan.objects.missed(TODAY)) == {SavingPlan.objects.get(member=row, id="q")}
    assert value("plan_missed_since", row) == TODAY - timedelta(days=35 - 31)
    traded(row, "2", 34, product=product)
    assert not SavingPlan.objects.missed(TODAY).exists()
    assert not value("plan_missed", row)


def test_complaints_are_open_until_they_are_closed():
    row = member("甲甲")
    received, closed = NOW - timedelta(days=9), NOW + timedelta(days=2)
    Complaint.objects.create(member=row, id="c", received_at=received, closed_at=closed)
    assert value("has_complaint", row)
    assert value("complaint_since", row) == received
    assert following("has_complaint", row) == closed
    assert not value("has_complaint", row, closed)


def test_the_book_of_a_day_says_whose_the_member_was():
    row, one, other = member("甲甲"), *(staff_of(Role.RELATIONSHIP_MANAGER) for _ in range(2))
    assert value("manager", row) is None
    moved = NOW - timedelta(days=5)
    Book.objects.create(member=row, started_at=NOW - timedelta(days=50), ended_at=moved, staff=one)
    Book.objects.create(member=row, started_at=moved, staff=other)
    assert value("manager", row) == str(other.pk)
    assert value("assigned_since", row) == moved
    assert read("manager", fields["manager"].display.sql, row.pk) == other.display_name
    assert read("manager", str(fields["manager"].past), row.pk, NOW - timedelta(days=6)) == str(one.pk)
    assert {choice.value for choice in fields["manager"].choices()} >= {str(one.pk), str(other.pk)}


def test_an_assessment_ends_a_year_later():
    row = member("甲甲")
    for day, risk_class in ((date(2025, 2, 28), "C2"), (date(2026, 3, 1), "C4")):
        RiskAssessment.objects.create(member=row, assessed_on=day, risk_class=risk_class)
    Member.objects.filter(pk=row.pk).update(risk_class="C4", risk_assessed_on=date(2026, 3, 1))
    assert (value("risk_class", row), value("assessment_ends", row)) == ("C4", date(2027, 3, 1))
    assert read("risk_class", str(fields["risk_class"].past), row.pk, NOW - timedelta(days=30)) == "C2"
    Member.objects.filter(pk=row.pk).update(risk_assessed_on=date(2024, 2, 29))
    assert read("assessment_ends", fields["assessment_ends"].sql, row.pk) == date(2025, 2, 28)


def test_the_stage_of_a_day_is_that_of_the_last_transition_in_force():
    row = member("甲甲", stage="growth", warnings=5)
    for days, stage in ((90, "activation"), (30, "growth")):
        Transition.objects.create(
            member=row,
            effective_at=NOW - timedelta(days=days),
            recorded_at=NOW,
            to_stage=stage,
            policy_version=1,
            inputs={},
        )
    assert value("stage", row) == "growth"
    assert read("stage", str(fields["stage"].past), row.pk, NOW - timedelta(days=40)) == "activation"
    assert read("stage", str(fields["stage"].past), row.pk, NOW - timedelta(days=99)) is None
    assert read("warnings", fields["warnings"].sql, row.pk) == ["idle", "signal"]
    for kind, days in (("idle", 9), ("signal", 2)):
        Warning.objects.create(
            member=row, kind=kind, raised_at=NOW - timedelta(days=days), recorded_at=NOW,
            policy_version=1, evidence={},
        )  # fmt: skip
    assert value("warnings", row) == ["idle", "signal"]
    assert value("warned", row)
    assert value("warning_since", row) == NOW - timedelta(days=2)
    assert value("idle_warning_since", row) == NOW - timedelta(days=9)
    assert value("fall_warning_since", row) is None


def test_assets_of_a_day_are_its_valuation_and_what_moved_after_it():
    row = member("甲甲")
    Valuation.objects.create(member=row, date=TODAY - timedelta(days=9), aum=1000)
    traded(row, "1", 9, amount=77)  # told by the valuation
    traded(row, "2", 5, amount=200)
    traded(row, "3", 2, kind="redemption", amount=900)
    past = str(fields["aum"].past)
    days_ago = {days: read("aum", past, row.pk, NOW - timedelta(days=days)) for days in (10, 9, 4, 1)}
    assert days_ago == {10: 0, 9: 1000, 4: 1200, 1: 300}
    Standing.objects.filter(member=row).update(last_login_at=NOW, last_trade_at=NOW - timedelta(days=2))
    Event.objects.create(member=row, id="e", at=NOW, name="login")
    assert value("last_activity", row) == NOW
    assert value("last_event", row) == NOW


def test_assets_are_steady_since_the_first_day_known_at_the_latest():
    window = Policy.objects.get().window_days
    known = TODAY - timedelta(days=window - 1)
    since = {}
    for days, aum in ((window + 200, 300_000), (window - 1, 300_000), (40, 300_000), (window + 200, 100_000)):
        row = Member.objects.create(
            known_at=NOW - timedelta(days=900), registered_at=NOW - timedelta(days=900), updated_at=NOW
        )
        Valuation.objects.create(member=row, date=TODAY - timedelta(days=days), aum=aum)
        since[row] = {aum < 200_000: None, days == 40: TODAY - timedelta(days=40)}.get(True, known)
    restage(now=NOW)
    assert {row: value("steady_since", row) for row in since} == since
    tomorrow = day_start(TODAY + timedelta(days=1))
    for row, day in since.items():
        assert (following("steady_since", row) == tomorrow) == (day == known)
    longest = next(iter(since))
    assert value("steady_since", longest, tomorrow) == known + timedelta(days=1)


def test_a_value_without_a_past_says_so():
    assert {name for name, one in fields.items() if one.past is Past.UNKNOWN} >= {"region", "tags", "channel"}
