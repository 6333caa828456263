"""When buys mature, and which holdings mature soon for whom."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from crm.staff.models import Role
from members.portfolio.models import Category, Product, Transaction
from members.profiles.models import Book, Member
from tests.crm.imports.files import row, take
from tests.crm.staff.people import staff_of

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 1, 17, 30, tzinfo=UTC)  # the second of March in Shanghai


def made(term: int | None = 30, code: str = "P1") -> Product:
    category, _ = Category.objects.get_or_create(code="fixed", defaults={"name": "Fixed"})
    return Product.objects.create(code=code, name=code, category=category, risk="R2", term_days=term)


def someone() -> Member:
    return Member.objects.create(known_at=AT, updated_at=AT)


def trade(member: Member, product: Product | None, amount: str = "100", **given) -> Transaction:
    values = {"id": f"t{Transaction.objects.count()}", "at": AT, "kind": "buy", **given}
    row = Transaction.objects.create(member=member, product=product, amount=Decimal(amount), **values)
    row.refresh_from_db()
    return row


def test_a_buy_matures_after_the_term_of_its_product_on_the_platforms_day():
    assert trade(someone(), made(30)).matures_on == date(2026, 4, 1)
    assert trade(someone(), made(None, "P2")).matures_on is None
    assert trade(someone(), None).matures_on is None
    assert trade(someone(), made(30, "P3"), kind="payout").matures_on is None


def test_what_the_source_says_is_kept():
    told = trade(someone(), made(30), matures_on=date(2026, 6, 15))
    Product.objects.update(term_days=60)
    Transaction.objects.update(at=datetime(2026, 3, 5, tzinfo=UTC))
    told.refresh_from_db()
    assert told.matures_on == date(2026, 6, 15)


def test_a_corrected_buy_or_term_moves_the_maturity():
    bought = trade(someone(), made(30))
    Product.objects.update(term_days=60)
    bought.refresh_from_db()
    assert bought.matures_on == date(2026, 5, 1)
    Transaction.objects.update(at=datetime(2026, 3, 4, tzinfo=UTC))
    bought.refresh_from_db()
    assert bought.matures_on == date(2026, 5, 3)
    Transaction.objects.update(kind="redemption")
    bought.refresh_from_db()
    assert bought.matures_on is None


def test_a_term_that_becomes_known_later_counts_for_earlier_buys():
    bought = trade(someone(), made(None))
    Product.objects.update(term_days=7)
    bought.refresh_from_db()
    assert bought.matures_on == date(2026, 3, 9)


def test_only_buys_mature():
    with pytest.raises(IntegrityError, match="transaction_only_buys_mature"), transaction.atomic():
        trade(someone(), None, kind="fee", matures_on=date(2026, 5, 1))


def test_files_say_when_a_buy_matures(tmp_path):
    take(tmp_path, "members", row("members"), name="members.csv")
    take(tmp_path, "products", row("products", term_days="30"), name="products.csv")
    lines = [
        "交易流水号,客户号,交易时间,交易类型,金额,产品代码,到期日",
        "a,U1,2026-05-01,申购,5,P1,2026-09-01",
        "b,U1,2026-05-01,申购,5,P1,",
        "c,U1,2026-05-01,赎回,5,P1,2026-09-01",
        "d,U1,2026-05-01,申购,5,P1,2026-04-30",
    ]
    result = take(tmp_path, "transactions", "\n".join(lines) + "\n")
    assert [(one.field, one.why) for one in result.rejects] == [
        ("matures_on", "before the day of the purchase")
    ]
    found = dict(Transaction.objects.values_list("id", "matures_on"))
    assert found == {"a": date(2026, 9, 1), "b": date(2026, 5, 31), "c": None}
    again = take(tmp_path, "transactions", "\n".join(lines[:4]) + "\n")
    assert (again.added, again.updated, again.unchanged) == (0, 0, 3)


def test_maturing_holdings_are_those_of_visible_members_still_invested():
    manager, service = staff_of(Role.RELATIONSHIP_MANAGER), staff_of(Role.CUSTOMER_SERVICE)
    mine, other, product = someone(), someone(), made(30)
    Book.objects.create(member=mine, staff=manager, started_at=AT)
    whole, part = trade(mine, product), trade(mine, made(31, "P2"))
    trade(mine, part.product, "60", kind="redemption")
    gone = trade(mine, made(30, "P3"))
    trade(mine, gone.product, kind="payout")
    later = trade(mine, made(40, "P4"))
    others = trade(other, product)
    read = Transaction.objects.visible_to(manager).maturing(date(2026, 4, 1), date(2026, 4, 2))
    assert [(one.pk, one.held) for one in read] == [(whole.pk, Decimal(100)), (part.pk, Decimal(40))]
    everybody = Transaction.objects.visible_to(service).maturing(date(2026, 4, 1), date(2026, 4, 30))
    assert {one.pk for one in everybody} == {whole.pk, part.pk, others.pk, later.pk}


def test_the_days_are_found_by_an_index():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Transaction.objects.maturing(date(2026, 4, 1), date(2026, 4, 2)).explain()
    assert "transaction_matures" in plan
