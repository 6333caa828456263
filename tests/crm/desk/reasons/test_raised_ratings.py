"""Who holds a product whose rating rose is told."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from crm.desk.reasons import registry
from crm.desk.reasons.call_list import read_call_list
from crm.staff.models import Role
from members.portfolio.models import Product, Transaction
from members.profiles.models import Member
from tests.crm.cast import NOW, member, staff_of
from tests.members.portfolio.suitability.world import TODAY, product, rate

pytestmark = pytest.mark.django_db
RAISED = "raised_rating"


def holder(manager, what: Product, risk_class: str) -> Member:
    row = member(manager=manager)
    Member.objects.filter(pk=row.pk).update(risk_class=risk_class, risk_assessed_on=TODAY)
    trade(row, what, "buy")
    return row


def trade(row: Member, what: Product, kind: str) -> None:
    Transaction.objects.create(
        member=row, id=kind, at=NOW - timedelta(days=9), kind=kind, amount=Decimal(500), product=what
    )


def test_holders_are_called_for_a_month_first_who_is_now_above_the_class():
    manager, what = staff_of(Role.RELATIONSHIP_MANAGER), product("Steady", risk="R2")
    above, within, sold = (holder(manager, what, name) for name in ("C3", "C4", "C3"))
    trade(sold, what, "redemption")
    assert not read_call_list(manager, NOW).of_source(RAISED)
    rate(what, "R4")
    found = read_call_list(manager, NOW).of_source(RAISED)
    assert {(one.member_id, one.stake, one.urgency) for one in found} == {
        (above.pk, Decimal(500), Decimal("0.7")), (within.pk, Decimal(500), Decimal("0.2"))
    }  # fmt: skip
    words = registry.sources()[RAISED].words
    assert {one.member_id: words(one, manager, NOW) for one in found} == {
        above.pk: "Steady: rating raised from R2 to R4 on 16 Mar 2026, now above risk class C3:"
        " inform the member",
        within.pk: "Steady: rating raised from R2 to R4 on 16 Mar 2026: inform the member",
    }
    assert not read_call_list(manager, NOW + timedelta(days=30)).of_source(RAISED)
