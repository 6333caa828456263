"""The parts of the member page: what each says, to whom, and what it says when there is nothing."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from crm.directory.member import aum_curve
from crm.runtime.clock import day_of
from crm.staff.models import Role, Team
from members.lifecycle.models import Policy, Warning
from members.portfolio.models import Category, Product, SavingPlan, Transaction, Valuation
from members.profiles.models import Book, Event, Household, Member, Preference, RiskAssessment
from tests.crm.cast import NOW, browser_of, markup, member, move, staff_of

HTMX = {"HX-Request": "true"}
TABS = ("overview", "products", "timeline", "person", "history")
TODAY = day_of(NOW)


@pytest.fixture(autouse=True)
def _policy(world):
    Policy.objects.get_or_create(version=1, defaults={"effective_from": NOW - timedelta(days=4000)})


def read(client, row, tab="overview", **query) -> str:
    answer = client.get(f"/members/{row.id}/", {"tab": tab, **query})
    assert answer.status_code == 200
    return answer.content.decode()


def compliance():
    return browser_of(staff_of(Role.COMPLIANCE))


def product(name: str, risk: str, regime: str | None = "FS", **more) -> Product:
    category = Category.objects.get_or_create(code="fund", name="基金")[0]
    return Product.objects.create(
        code=name, name=name, category=category, risk=risk, regime=regime, registration_code=name, **more
    )


def bought(row, what: Product, amount: int = 100) -> None:
    Transaction.objects.create(
        member=row,
        id=f"bank:{what.name}",
        at=NOW - timedelta(days=9),
        kind="buy",
        amount=amount,
        product=what,
    )


def profiled(row, risk_class="C2", assessed_on=TODAY - timedelta(days=30), born=date(1980, 1, 1)):
    row.risk_class, row.risk_assessed_on, row.birth_date = risk_class, assessed_on, born
    row.save()
    return row


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_has_words_for_somebody_of_whom_nothing_is_known(tab):
    prospect = member("", stage="acquisition", registered_at=None, aum=Decimal(0))
    page = read(compliance(), prospect, tab)
    assert "not registered" in page
    assert "Lead, not registered" in page


def test_empty_parts_say_so():
    prospect = member("", stage="acquisition", registered_at=None, aum=Decimal(0))
    client = compliance()
    assert "No asset data" in read(client, prospect)
    assert "No open warnings" in read(client, prospect)
    products = read(client, prospect, "products")
    for words in (
        "No products bought yet",
        "No savings plans",
        "No preferences recorded",
        "The product catalogue is empty",
    ):
        assert words in products
    person = read(client, prospect, "person")
    for words in ("No household on record", "No referrer", "No relationship manager assigned"):
        assert words in person


def test_somebody_never_staged_is_shown_without_a_stage():
    row = member(stage=None, policy_version=0, evaluated_at=None)
    assert "No stage yet" in read(compliance(), row)


def test_a_tab_alone_is_swapped_and_a_range_swaps_the_curve_alone():
    row, client = member(), compliance()
    for days in range(3):
        Valuation.objects.create(member=row, date=TODAY - timedelta(days=days * 40), aum=Decimal(1000 + days))
    part = client.get(f"/members/{row.id}/", {"tab": "history"}, headers=HTMX | {"HX-Target": "panel"})
    assert markup(part).startswith('<div class="stack without-sources" id="panel">')
    part = client.get(f"/members/{row.id}/", {"range": "3m"}, headers=HTMX | {"HX-Target": "curve"})
    assert markup(part).startswith('<section class="card assets" id="curve"')
    assert "HX-Request" in part.headers["Vary"]
    assert client.get(f"/members/{row.id}/", {"range": "9y"}).status_code == 400
    assert client.get(f"/members/{row.id}/", {"tab": "passwords"}).status_code == 400


@pytest.mark.parametrize("tab", TABS)
def test_somebody_elses_member_is_not_there_whatever_is_asked(tab):
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    other, client = member("李雷"), browser_of(manager)
    theirs = client.get(f"/members/{other.id}/", {"tab": tab})
    nobody = client.get("/members/987654321/", {"tab": tab})
    assert (theirs.status_code, theirs.content) == (nobody.status_code, nobody.content)
    assert theirs.status_code == 404
    curve_alone = client.get(f"/members/{other.id}/", headers=HTMX | {"HX-Target": "curve"})
    assert curve_alone.status_code == 404


def test_suitability_is_told_for_every_product_with_its_reasons():
    row = profiled(member())
    bought(row, product("稳健一号", "R2"))
    bought(row, product("进取一号", "R4"))
    product("私募一号", "R1", "PR")
    page = read(compliance(), row, "products")
    assert "Risk class C2: eligible up to R2" in page
    assert "One holding exceeds risk class C2" in page
    assert page.index("Eligible") < page.index("稳健一号", page.index("Suitability"))
    assert "product risk above the member&#x27;s risk class" in page
    assert "for verified qualified investors only" in page
    overview = read(compliance(), row)
    assert "Above risk class" in overview
    assert "进取一号 R4" in overview
    assert "Products rated R1 to R2" in overview


def test_an_expired_questionnaire_stops_every_product_and_a_short_one_is_announced():
    product("稳健一号", "R1")
    old = profiled(member(), assessed_on=TODAY - timedelta(days=400))
    page = read(compliance(), old, "products")
    assert "No products can be offered" in page
    assert "risk assessment older than 12 months" in page
    assert "Expired. No products can be offered" in read(compliance(), old)
    short = profiled(member(), assessed_on=TODAY - timedelta(days=355))
    assert "Expires in 10 days" in read(compliance(), short)


def test_age_is_not_told_to_those_who_may_not_know_it():
    row = profiled(member(), "C5", born=date(1950, 1, 1))
    product("进取一号", "R4")
    assert "through the special procedure only" in read(compliance(), row, "products")
    page = read(browser_of(staff_of(Role.ANALYST)), row, "products")
    assert "through the special procedure only" not in page
    assert "personal circumstances" in page


def test_plans_preferences_and_their_origin_are_told():
    row, what = member(), product("稳健一号", "R1")
    SavingPlan.objects.create(
        member=row, id="bank:P1", amount=500, every="month", started_on=TODAY, product=what
    )
    SavingPlan.objects.create(
        member=row, id="P0", amount=70, every="week", started_on=date(2024, 1, 1), ended_on=date(2024, 2, 1)
    )
    Preference.objects.create(member=row, goal="养老", horizon_days=365, liquidity="low", categories=["fund"])
    page = read(compliance(), row, "products")
    for words in ("¥500", "bank P1", "source unknown", "养老", "1 year", "基金"):
        assert words in page
    analyst = read(browser_of(staff_of(Role.ANALYST)), row, "products")
    assert "bank P1" not in analyst
    assert "bank" in analyst


def test_household_and_referrals_show_whom_the_reader_may_see():
    team = Team.objects.create(name="一组")
    manager = staff_of(Role.RELATIONSHIP_MANAGER, team)
    home = Household.objects.create(name="王家")
    row, wife, child = member("王小明", manager=manager), member("赵敏", manager=manager), member("王二")
    for one in (row, wife, child):
        one.household = home
        one.save()
    row.referrer = child
    row.save()
    brought = member("孙七", manager=manager)
    brought.referrer = row
    brought.save()
    page = read(browser_of(manager), row, "person")
    assert "赵敏" in page
    assert "孙七" in page
    assert "A member you do not have access to" in page
    assert f"#{child.id}" not in page
    assert "王家" not in page
    seen = read(compliance(), row, "person")
    for member_id in (wife.id, child.id, brought.id):
        assert f"#{member_id}" in seen
    assert "赵敏" not in seen


def test_who_looked_after_the_member_is_told_and_reasons_are_masked_as_free_text():
    before, now = staff_of(Role.RELATIONSHIP_MANAGER), staff_of(Role.RELATIONSHIP_MANAGER)
    row = member(manager=now)
    Book.objects.create(
        member=row,
        staff=before,
        started_at=NOW - timedelta(days=300),
        ended_at=NOW - timedelta(days=100),
        reason="客户手机 13800001234",
    )
    page = read(compliance(), row, "person")
    assert str(before) in page
    assert "客户手机" in page
    assert "客户手机" not in read(browser_of(staff_of(Role.OPERATIONS)), row, "person")


def test_history_keeps_what_was_overturned_with_what_was_known_then():
    row = member()
    move(row, "growth", "decline", superseded_at=NOW, inputs={"rules": 2, "aum": "5.00", "peak_aum": "77.00"})
    Warning.objects.create(
        member=row,
        kind="idle",
        raised_at=NOW - timedelta(days=40),
        recorded_at=NOW,
        policy_version=1,
        evidence={"idle_days": 31, "active_on": "2026-01-05"},
        ended_at=NOW - timedelta(days=39),
    )
    RiskAssessment.objects.create(member=row, assessed_on=date(2025, 3, 1), risk_class="C3")
    page = read(compliance(), row, "history")
    for words in ("Superseded", "¥77", "No login or trade for 31 days", "C3", "1 Mar 2026"):
        assert words in page
    assert "Assets fell from" not in read(compliance(), row)


def test_a_long_life_is_drawn_with_few_points_that_keep_its_ends():
    start = date(2016, 1, 1)
    points = [(start + timedelta(days=n), Decimal(n)) for n in range(3700)]
    few = aum_curve.thinned(points, 366)
    assert 300 <= len(few) <= 368
    assert (few[0], few[-1]) == (points[0], points[-1])
    assert few == sorted(few)
    assert aum_curve.thinned(points[:10], 366) == points[:10]
    assert len(aum_curve.draw(points, []).points) <= 26


def test_a_member_is_shown_in_chinese():
    row = member()
    staff = staff_of(Role.COMPLIANCE, language="zh-hans")
    with translation.override("zh-hans"):
        page = read(browser_of(staff), row)
    assert "为什么在这个阶段" in page
    assert "What happens next" not in page


def test_what_was_sold_again_is_not_held_and_no_debt():
    row, kept, gone = member(), product("在持基金", "R2"), product("稳盈30天", "R1")
    bought(row, kept), bought(row, gone, 315_000)
    Transaction.objects.create(
        member=row, id="bank:sold", at=NOW, kind="redemption", amount=Decimal("315680.98"), product=gone
    )
    Transaction.objects.filter(kind="buy", product=gone).update(matures_on=NOW.date() + timedelta(days=30))
    page = read(compliance(), row, "products")
    held, sold = page.split("Past holdings", 1)
    assert "matures" not in sold
    assert "在持基金" in held
    assert "稳盈30天" not in held
    assert "稳盈30天" in sold.split("</details>")[0]
    assert "−¥680.98" not in page


def test_codes_are_told_in_the_readers_words():
    row = member()
    Member.objects.filter(pk=row.pk).update(language="zh-Hans")
    Preference.objects.create(member=row, horizon_days=1095, goal="养老")
    thing = product("稳盈30天", "R1")
    Event.objects.create(member=row, id="E1", at=NOW, name="login", properties={"device": "mini_program"})
    Event.objects.create(
        member=row, id="E2", at=NOW, name="page_view", properties={"path": f"/products/{thing.code}"}
    )
    timeline = read(compliance(), row, "timeline")
    assert "Mini program" in timeline
    assert "mini_program" not in timeline
    assert "/products/" not in timeline
    assert "稳盈30天" in timeline
    assert "3 years" in read(compliance(), row, "products")
    person = read(compliance(), row, "person")
    assert "Chinese" in person
    assert ">zh-Hans<" not in person


def test_what_the_record_says_of_a_stage_names_its_source():
    row = member()
    Member.objects.filter(pk=row.pk).update(source="corebank")
    page = read(compliance(), row)
    assert '<small class="from">corebank' in page.split("What happens next")[0]
