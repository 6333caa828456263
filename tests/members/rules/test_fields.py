"""Every operator of every field and property of the catalogue, whatever app adds it.

The condition says of each row what plain Python says of the value that the field's own expression has there.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from crm.runtime.clock import day_of, zone
from crm.staff.models import Role
from members.lifecycle.models import Standing
from members.portfolio.models import Category, Product, Transaction, Valuation
from members.profiles.models import Channel, Complaint, Event, Member, RiskAssessment, Signal, Touch
from members.rules.ask import count
from members.rules.catalogue.activities import activities
from members.rules.catalogue.fields import Past, fields
from members.rules.catalogue.types import Type
from members.rules.compiling.condition import compile, from_clause
from members.rules.language.operators import NUMBERS, OPEN, OPERATORS, PASSED, operators_of
from members.rules.language.parse import parse
from members.rules.language.parse_did import PERIODS
from members.rules.sentences import sentence
from tests.crm.staff.people import staff_of
from tests.members.profiles.people import member_with
from tests.members.rules import oracle

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 28, 4, tzinfo=UTC)
AGO = NOW - timedelta(days=40)


@pytest.fixture(autouse=True)
def _somebody():
    """One of whom all is known, and one of whom nothing is."""
    channel = Channel.objects.create(code="app", name="App")
    one = member_with(
        manager=staff_of(Role.RELATIONSHIP_MANAGER), at=AGO, outside_id="A1", name="张三",
        mobile="13800001111", email="a@b.cn", id_number="110101196001010018", address="上海",
        sex="female", region="上海",
        birth_date=date(1960, 1, 1), occupation="x", income_band="1", language="zh",
        tags=["vip"], campaign="c",
        channel=channel, registered_at=AGO, risk_class="C4", risk_assessed_on=date(2026, 1, 5),
        investor_type="ordinary",
    )  # fmt: skip
    member_with(at=AGO)
    product = Product.objects.create(
        code="p",
        name="P",
        risk="R2",
        category=Category.objects.create(code="fund", name="Fund"),
        term_days=90,
    )
    Transaction.objects.create(member=one, id="1", at=AGO, kind="buy", amount=Decimal(5000), product=product)
    Valuation.objects.create(member=one, date=day_of(AGO), aum=Decimal(5000))
    Event.objects.create(member=one, id="1", at=AGO, name="login", properties={"page": "/home", "n": 3})
    Touch.objects.create(id="1", at=AGO, channel=channel, campaign="c", member=one)
    Signal.objects.create(member=one, id="1", at=AGO, kind="complaint")
    RiskAssessment.objects.create(member=one, assessed_on=date(2026, 1, 5), risk_class="C4")
    Complaint.objects.create(member=one, id="1", received_at=AGO, closed_at=AGO + timedelta(days=90))
    Standing.objects.filter(member=one).update(
        stage="growth", since=AGO, aum=5000, peak_aum=6000, first_invested_at=AGO, last_trade_at=AGO,
        last_login_at=AGO, due_at=NOW + timedelta(days=3), warnings=3, rules=2,
        steady_since=date(2026, 10, 19),
    )  # fmt: skip


def given(shape: str, value: Any, type: Type) -> Any:
    """A value of this shape that means what is there, or something."""
    at = oracle.At(NOW, zone())
    day = at.day_of(value) if isinstance(value, datetime) else value
    iso = day.isoformat() if isinstance(day, date) else "2026-11-01"
    number = value if isinstance(value, int | Decimal) else 1
    text = value if isinstance(value, str) and value else "x"
    texts = value if isinstance(value, list) and value else [text]
    return {
        "number": number, "numbers": [0, number], "text": text, "texts": texts, "day": iso,
        "days": [iso, iso], "span": {"days": 40}, "flag": bool(value),
    }[shape]  # fmt: skip


@pytest.mark.parametrize("name", list(fields))
def test_a_field_is_asked_by_each_of_its_operators(name):
    field, at = fields[name], oracle.At(NOW, zone())
    for expression, past in ((field.sql, False), (field.past, True)):
        if past and expression is Past.UNKNOWN:
            continue
        values = _values(field, field.sql if expression is Past.SAME else expression)
        for operator, shape in operators_of(field).items():
            for value in values.values():
                rule = {"field": name, "op": operator}
                if shape != "none":
                    rule["value"] = _possible(given(shape, value, field.type), field)
                    if rule["value"] in (None, []):
                        continue
                parsed = parse(rule)
                condition = compile(parsed, NOW, past=past)
                found = _ids(condition)
                if not field.decrypt:
                    expected = {
                        pk
                        for pk, one in values.items()
                        if oracle.compare(_there(one, field), operator, rule.get("value"), at)
                    }
                    assert found == expected, (rule, values)
                assert sentence(parsed)
                if not past:
                    assert set(field.tables) <= condition.tables


def _there(value: Any, field) -> Any:
    if field.counts_from_itself and value is not None:
        return value if value <= (NOW if isinstance(value, datetime) else day_of(NOW)) else None
    return value


def _possible(value: Any, field) -> Any:
    """Only what can be chosen may be asked for."""
    if field.choices is None:
        return value
    known = [one.value for one in field.choices()]
    if isinstance(value, list):
        return [one for one in value if one in known] or known[:1]
    return value if value in known else next(iter(known), None)


def _values(field, expression: str) -> dict[int, Any]:
    sql = f"SELECT m.id, {expression} FROM {from_clause(field.sources)}"
    with connection.cursor() as cursor:
        cursor.execute(sql, {"now": NOW, "today": day_of(NOW)})
        found = dict(cursor.fetchall())
    if field.type is Type.SET:
        return {pk: value or [] for pk, value in found.items()}
    return found


def _ids(condition) -> set[int]:
    sql = (
        f"SELECT m.id, {condition.next_sql or 'NULL'}, {condition.sql} FROM {from_clause(condition.sources)}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, condition.parameters)
        rows = cursor.fetchall()
    assert all(at is None or at > NOW for _pk, at, _found in rows)
    assert not any(found is None for _pk, _at, found in rows)
    return {pk for pk, _at, found in rows if found}


@pytest.mark.parametrize("name", [name for name, one in fields.items() if isinstance(one.past, str)])
def test_a_value_of_the_past_holds_until_the_instant_that_is_told(name):
    field = fields[name]
    changes = field.past_next or field.next or "NULL"
    for then in (AGO - timedelta(days=330), AGO - timedelta(days=1), AGO, AGO + timedelta(days=20)):
        for pk, (value, next) in _then(field, f"{field.past}, {changes}", then).items():
            assert next is None or next > then
            last = min(next or NOW, NOW) - timedelta(microseconds=1)
            assert _then(field, field.past, last)[pk] == (value,), (then, next)


def _then(field, columns: str, at: datetime) -> dict[int, tuple[Any, ...]]:
    sql = f"SELECT m.id, {columns} FROM {from_clause(field.sources)}"
    with connection.cursor() as cursor:
        cursor.execute(sql, {"now": at, "today": day_of(at)})
        return {row[0]: row[1:] for row in cursor.fetchall()}


@pytest.mark.parametrize("name", list(activities))
def test_an_activity_is_asked_by_each_property_period_and_measure(name):
    activity = activities[name]
    span, day = {"days": 400}, "2026-01-01"
    rules: list[dict[str, Any]] = [{"did": name}, {"did": name, "never": True}]
    for one in activity.properties:
        for operator, shape in (OPEN if one.open else OPERATORS[one.type]).items():
            where = {"property": f"{one.name}.page" if one.open else one.name, "op": operator}
            if shape != "none":
                where["value"] = _possible(given(shape, None, one.type), one)
            if where.get("value", 1) not in (None, []):
                rules.append({"did": name, "where": [where]})
        if one.type in (Type.MONEY, Type.NUMBER) and not one.open:
            rules += [
                {"did": name, "sum": {"property": one.name, "op": op, "value": given(shape, 1, one.type)}}
                for op, shape in NUMBERS.items()
            ]
    shapes = {"span": span, "day": day, "days": [day, "2026-12-31"]}
    rules += [{"did": name, "period": {period: shapes[shape]}} for period, shape in PERIODS.items()]
    for operator, shape in NUMBERS.items():
        rules.append({"did": name, "times": {"op": operator, "value": given(shape, 2, Type.NUMBER)}})
    for operator, shape in PASSED.items():
        rules += [{"did": name, end: {"op": operator, "value": shapes[shape]}} for end in ("first", "last")]
    for rule in rules:
        parsed = parse(rule)
        assert sentence(parsed)
        few, all_ = compile(parsed, NOW, prefix="a"), compile(parsed, NOW, few=False, prefix="b")
        assert _ids(few) == _ids(all_), rule
        assert count(compile(parsed, NOW, past=True)) == len(_ids(few))
        assert activity.table in few.tables


def test_a_condition_reads_its_sources_with_it():
    rule = parse({"all": [{"field": "stage", "op": "present"}, {"field": "manager", "op": "missing"}]})
    condition = compile(rule, NOW)
    assert condition.sources == ("s", "book")
    assert condition.tables == {"lifecycle_standing", "profiles_book"}
    assert count(condition) == 0
    assert Member.objects.count() == 2
