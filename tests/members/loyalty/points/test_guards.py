"""What nobody may do to the ledger, whoever asks: the application's role, a superuser, the owner."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from crm.staff.four_eyes import requests
from crm.staff.four_eyes.requests import CannotDecide
from crm.staff.models import Role
from members.loyalty.models import EarnRuleVersion
from members.loyalty.points.configuration import adjustments
from members.loyalty.points.ledger.adjust import adjust
from members.loyalty.points.ledger.balance import Balance, get_balance
from tests.crm.cast import NOW, approved_request, member, staff_of
from tests.members.loyalty.points.test_earning import rule
from tests.members.loyalty.points.worlds import approved, give, programme

pytestmark = pytest.mark.django_db
TABLES = ("pointsentry", "lotuse", "pointslot", "pointsaccount")
WRITES = (
    "INSERT INTO loyalty_pointsentry (member_id, programme_id, kind, points, at, counts_from, recorded_at,"
    " key) SELECT member_id, programme_id, 'earn', 999, at, counts_from, recorded_at, 'forged'"
    " FROM loyalty_pointsentry",
    "UPDATE loyalty_pointsentry SET points = 999",
    "DELETE FROM loyalty_pointsentry",
    "INSERT INTO loyalty_lotuse VALUES (1, 1, 1, -999)",
    "UPDATE loyalty_pointslot SET points = 999, remaining = 999",
    "UPDATE loyalty_pointsaccount SET balance = 999",
    "INSERT INTO loyalty_pointsaccount (member_id, programme_id, balance) VALUES (77, 77, 77)",
    "DELETE FROM loyalty_pointslot",
    "DELETE FROM loyalty_pointsaccount",
    *(f"TRUNCATE loyalty_{name} CASCADE" for name in TABLES),
)


@pytest.mark.parametrize("owner", [False, True], ids=["application", "owner"])
@pytest.mark.parametrize("statement", WRITES)
def test_nobody_writes_to_the_ledger_but_its_verbs(statement, owner):
    points, who = programme(), member()
    give(points, who.pk, 100)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        if owner:
            cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute(statement)
    assert get_balance(points.pk, who.pk) == Balance(100)


def test_an_adjustment_needs_a_second_person_even_of_a_superuser():
    points, who, maker = programme(), member(), staff_of(Role.OPERATIONS)
    maker.is_superuser = True
    maker.save()
    asked = adjustments.propose(points.pk, who.pk, 500, reason="goodwill", maker=maker, now=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        adjust(points.pk, who.pk, 500, request_id=asked.pk, reason="", now=NOW)
    with pytest.raises(CannotDecide):
        requests.approve(request_id=asked.pk, checker=maker, opinion="", now=NOW)
    approved(asked)
    assert get_balance(points.pk, who.pk) == Balance(500)


@pytest.mark.parametrize("points", [501, -500, 5000])
def test_an_adjustment_is_posted_as_it_was_approved(points):
    programme_, who = programme(), member()
    give(programme_, who.pk, 1000)
    maker = staff_of(Role.CUSTOMER_SERVICE)
    who_else = member()
    asked = adjustments.propose(programme_.pk, who.pk, 500, reason="goodwill", maker=maker, now=NOW)
    approved(asked)
    with pytest.raises(DatabaseError), transaction.atomic():
        adjust(programme_.pk, who_else.pk, 500, request_id=asked.pk, reason="", now=NOW)
    with pytest.raises((DatabaseError, ValueError)), transaction.atomic():
        adjust(programme_.pk, who.pk, points, request_id=asked.pk, reason="", now=NOW)
    adjust(programme_.pk, who.pk, 500, request_id=asked.pk, reason="", now=NOW)  # a repeat
    assert get_balance(programme_.pk, who.pk) == Balance(1500)


def test_points_that_are_gone_by_the_approval_return_the_request():
    points, who = programme(), member()
    give(points, who.pk, 100, days=2)
    maker = staff_of(Role.OPERATIONS)
    asked = adjustments.propose(points.pk, who.pk, -80, reason="duplicate", maker=maker, now=NOW)
    with pytest.raises(requests.BasisChanged):
        approved(asked, NOW + timedelta(days=3))
    asked.refresh_from_db()
    assert asked.state == "returned"


def test_a_version_of_a_rule_says_what_was_approved():
    points = programme()
    found = rule(points)
    version = EarnRuleVersion.objects.get(rule=found)
    with pytest.raises(DatabaseError), transaction.atomic():
        EarnRuleVersion.objects.create(
            rule=found, version=2, effective_from=NOW + timedelta(days=9), activity="transaction", points=50,
            expiry="never", request_id=approved_request("loyalty.earn_rule").pk, made_at=NOW,
        )  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        version.pk, version.version, version.points = None, 2, 5_000
        version.effective_from += timedelta(days=9)
        version.save(force_insert=True)
    assert EarnRuleVersion.objects.count() == 1
