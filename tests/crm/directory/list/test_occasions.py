"""Occasions to call as filters and columns: maturities, assessments that end, missed debits, what is new."""

from datetime import timedelta
from decimal import Decimal

import pytest

from crm.runtime.clock import day_of
from crm.staff.models import Role
from members.lifecycle.models import Warning
from members.portfolio.models import Category, Product, SavingPlan, Transaction
from members.profiles.models import Complaint, Member
from tests.crm.cast import NOW, browser_of, markup, member, staff_of

TODAY = day_of(NOW)


@pytest.fixture
def operations(world):
    return browser_of(staff_of(Role.OPERATIONS))


def names(client, **parameters) -> list[str]:
    return [row.view.name for row in client.get("/members/", parameters).context_data["page"].rows]


def bought(row, number: str, days_ago: int, **more) -> None:
    Transaction.objects.create(
        member=row, id=number, at=NOW - timedelta(days=days_ago), kind="buy", amount=100, **more
    )


@pytest.fixture
def product(world):
    category = Category.objects.create(code="fund", name="基金")
    return Product.objects.create(code="P", name="稳盈30天", category=category, risk="R1", regime="BW")


def test_what_matures_soon_is_found_and_shown(operations, product):
    soon, later, gone = member("甲甲"), member("乙乙"), member("丙丙")
    bought(soon, "s", 20, product=product, matures_on=TODAY + timedelta(days=5))
    bought(later, "l", 20, product=product, matures_on=TODAY + timedelta(days=40))
    bought(gone, "g", 20, product=product, matures_on=TODAY + timedelta(days=5))
    Transaction.objects.create(
        member=gone, id="r", at=NOW - timedelta(days=1), kind="redemption", amount=100, product=product
    )
    assert names(operations, matures="7") == ["甲*"]
    assert set(names(operations, matures="60")) == {"甲*", "乙*"}
    page = markup(operations.get("/members/?cols=stage,matures&sort=-aum"))
    assert "21 Mar 2026" in page and "25 Apr 2026" in page
    file = b"".join(
        operations.post("/members/export/?cols=matures&matures=7", {"purpose": "salon"}).streaming_content
    )
    assert b"2026-03-21" in file and b"2026-04-25" not in file


def test_assessments_that_end_or_have_ended(operations):
    for name, days in (("甲甲", 400), ("乙乙", 360), ("丙丙", 10)):
        row = member(name)
        on = TODAY - timedelta(days=days)
        Member.objects.filter(pk=row.pk).update(risk_class="C3", risk_assessed_on=on)
    member("丁丁")
    assert names(operations, assessment="0") == ["甲*"]
    assert set(names(operations, assessment="30")) == {"甲*", "乙*"}
    page = markup(operations.get("/members/?cols=assessment"))
    assert "21 Mar 2026" in page


def test_plans_whose_debit_was_missed(operations, product):
    def plan(row, **more):
        given = {"amount": 5, "every": "month", "started_on": TODAY - timedelta(days=300), "product": product}
        SavingPlan.objects.create(member=row, id="p", **given | more)

    missed, kept, young, ended, other = (member(name) for name in ("甲甲", "乙乙", "丙丙", "丁丁", "戊戊"))
    plan(missed), plan(kept), plan(young, started_on=TODAY - timedelta(days=9))
    plan(ended, ended_on=TODAY - timedelta(days=50))
    plan(other, product=None)
    bought(missed, "m", 60, product=product)
    bought(kept, "k", 20, product=product)
    bought(other, "o", 20)
    assert names(operations, plan="missed") == ["甲*"]
    page = markup(operations.get("/members/?cols=plan&plan=missed"))
    assert "15 Feb 2026" in page  # 31 days after the last one
    assert operations.get("/members/?plan=yes").status_code == 400


def test_a_plan_without_a_product_misses_its_debit_after_the_last_buy_of_any(operations, product):
    row = member("甲甲")
    SavingPlan.objects.create(
        member=row, id="p", amount=5, every="month", started_on=TODAY - timedelta(days=300), product=None
    )
    bought(row, "m", 60, product=product)
    assert "15 Feb 2026" in markup(operations.get("/members/?cols=plan&plan=missed"))


def test_members_with_an_open_complaint(operations):
    for name, closed in (("甲甲", None), ("乙乙", NOW - timedelta(days=1))):
        Complaint.objects.create(
            member=member(name), id="c", received_at=NOW - timedelta(days=6), words="慢", closed_at=closed
        )
    member("丙丙")
    assert names(operations, complaint="open") == ["甲*"]
    chip = operations.get("/members/?complaint=open").context_data["chips"][0]
    assert (chip["label"], chip["value"]) == ("Complaint", "Not closed")
    page = markup(operations.get("/members/?cols=complaint"))
    assert page.count("10 Mar 2026") == 1


def test_what_is_new_in_the_stage_or_with_the_warning(operations):
    def warned(name, days, **standing):
        row = member(name, warnings=1, since=NOW - timedelta(days=90), **standing)
        Warning.objects.create(
            member=row, kind="idle", raised_at=NOW - timedelta(days=days), recorded_at=NOW, policy_version=1,
            evidence={},
        )  # fmt: skip

    warned("甲甲", 2), warned("乙乙", 50)
    member("丙丙", stage="decline", since=NOW - timedelta(days=1))
    member("丁丁", stage="decline", since=NOW - timedelta(days=80))
    since = (TODAY - timedelta(days=7)).isoformat()
    assert set(names(operations, new_since=since)) == {"甲*", "丙*"}
    assert names(operations, new_since=since, stage="decline") == ["丙*"]
    assert names(operations, new_since=since, warning="idle") == ["甲*"]
    assert names(operations, new_since=since, warning="signal") == []


def test_the_columns_cost_one_query_each_and_a_page_stays_within_ten(product, django_assert_max_num_queries):
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    client = browser_of(manager)
    for number in range(5):
        bought(member(manager=manager, aum=Decimal(number)), "b", 2, product=product)
    client.get("/members/")
    with django_assert_max_num_queries(10):
        page = client.get(
            "/members/?cols=stage,matures,assessment,complaint,plan&matures=3000&new_since=2026-01-01"
        )
    assert page.status_code == 200
