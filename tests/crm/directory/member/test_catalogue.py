"""Products are told apart by their id, every one of them is judged, and a long catalogue is paged."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from crm.directory.member.holdings import holdings
from crm.directory.member.suitability import PAGE, above_class, by_outcome, verdicts
from crm.staff.models import Role
from members.portfolio.models import Category, Product, Regime, Transaction, TransactionKind
from members.profiles.models import Member
from tests.crm.cast import NOW, browser_of, member, staff_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cautious() -> Member:
    row = member()
    Member.objects.filter(pk=row.pk).update(
        risk_class="C2", risk_assessed_on=NOW.date() - timedelta(days=30), birth_date=date(1985, 5, 1)
    )
    row.refresh_from_db()
    return row


@pytest.fixture
def twins() -> tuple[Product, Product]:
    """Two products of one name, one of them far riskier."""
    funds = Category.objects.create(code="fund", name="Funds")
    return tuple(
        Product.objects.create(
            code=risk, name="Steady", category=funds, risk=risk, regime=Regime.FS, registration_code=risk
        )
        for risk in ("R1", "R5")
    )


def buy(row: Member, product: Product, amount: int) -> None:
    Transaction.objects.create(
        member=row, id=f"{product.code}-{amount}", at=NOW - timedelta(days=3), kind=TransactionKind.BUY,
        amount=Decimal(amount), product=product,
    )  # fmt: skip


def held_of(row: Member) -> dict[str, bool]:
    found = verdicts(row, holdings(row.pk, NOW), staff_of(Role.COMPLIANCE), NOW)
    return {verdict.risk: verdict.held for verdict in found}


def test_a_product_of_the_same_name_is_not_the_one_that_is_held(cautious, twins):
    buy(cautious, twins[0], 100)
    assert held_of(cautious) == {"R1": True, "R5": False}
    assert above_class(cautious, holdings(cautious.pk, NOW), NOW) == []


def test_products_of_one_name_are_two_holdings_of_which_one_is_above_the_class(cautious, twins):
    for product, amount in zip(twins, (100, 30), strict=True):
        buy(cautious, product, amount)
    found = holdings(cautious.pk, NOW)
    assert [(one.risk, one.net) for one in found] == [("R1", Decimal(100)), ("R5", Decimal(30))]
    assert [one.product_id for one in above_class(cautious, found, NOW)] == [twins[1].pk]
    page = browser_of(staff_of(Role.COMPLIANCE)).get(f"/members/{cautious.pk}/?tab=products").content.decode()
    assert page.count("above C2") == 1


def test_every_product_is_judged_and_a_long_list_is_paged(cautious, twins):
    funds = Category.objects.get()
    Product.objects.bulk_create(
        Product(
            code=f"p{number}",
            name=f"Fund {number}",
            category=funds,
            risk="R1",
            regime=Regime.FS,
            registration_code=f"p{number}",
        )  # fmt: skip
        for number in range(2 * PAGE + 20)
    )
    found = verdicts(cautious, [], staff_of(Role.COMPLIANCE), NOW)
    assert len(found) == Product.objects.count()
    groups = {group.outcome: group for group in by_outcome(found)}
    assert sum(group.page.paginator.count for group in groups.values()) == len(found)
    assert [verdict.risk for verdict in groups["forbid"].page] == ["R5"]

    client = browser_of(staff_of(Role.COMPLIANCE))
    address = f"/members/{cautious.pk}/?tab=products"
    first = " ".join(client.get(address).content.decode().split())
    assert f"1–{PAGE} of {2 * PAGE + 21}" in first
    last = " ".join(client.get(f"{address}&outcome=allow&page=3").content.decode().split())
    assert f"{2 * PAGE + 1}–{2 * PAGE + 21} of {2 * PAGE + 21}" in last
    for odd in ("page=999", "page=x&outcome=allow", "outcome=%00&page=%00"):
        assert client.get(f"{address}&{odd}").status_code == 200
