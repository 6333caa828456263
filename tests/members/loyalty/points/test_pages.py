"""Pages of points: who may open them, what they say, how a change is proposed and approved."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from crm.staff.models import Request, Role
from members.loyalty.models import EarnRuleVersion, PointsBudget, PointsEntry, Tier
from members.loyalty.points.configuration import rewards
from members.loyalty.points.configuration.rewards import RewardDraft
from members.loyalty.points.earning.drain import drain
from members.loyalty.points.reports.liability import store_cohorts
from members.loyalty.points.sentences.requests import earn_rule_lines, prepare_earn_rules
from tests.crm.cast import NOW, browser_of, markup, member, staff_of
from tests.members.loyalty.points.test_earning import buy, rule
from tests.members.loyalty.points.worlds import approved, give, programme

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_now")]
DAY = timedelta(days=1)
FORM = {
    "code": "buys", "name": "买入积分", "name_en": "Buys", "state": "on", "where_kind": ["buy"],
    "points": "2", "per": "amount", "unit": "100", "cap_month": "500", "expiry": "rolling",
    "expiry_months": "24",
    "effective_on": "2026-03-20", "reason": "launch",
}  # fmt: skip


@pytest.fixture
def _now(settings):
    settings.BUSINESS_NOW = NOW.isoformat()


def test_a_rule_is_previewed_then_proposed_and_a_second_person_puts_it_in_force():
    programme(is_main=True)
    who = member()
    for days in (5, 20, 80):
        buy(who, f"b{days}", 12_000, NOW - days * DAY)
    page = f"{reverse('points-rule')}?activity=transaction"
    browser = browser_of(staff_of(Role.OPERATIONS))
    assert "Preview impact" in markup(browser.get(page))
    seen = markup(browser.post(page, FORM | {"preview": "1"}))
    assert "<dt>Points a month</dt> <dd>240</dd>" in seen
    assert not Request.objects.exists()
    answer = browser.post(page, FORM | {"propose": "1"})
    assert answer.status_code in (302, 303)
    asked = Request.objects.get()
    assert asked.proposal["preview"]["members"] == 1
    assert not EarnRuleVersion.objects.exists()
    approved(asked)
    assert EarnRuleVersion.objects.get().where == [{"property": "kind", "op": "in", "value": ["buy"]}]
    listed = markup(browser.get(reverse("points-rules")))
    assert "2 per 100 of Amount" in listed
    again = markup(browser.get(f"{reverse('points-rule')}?rule=buys"))
    assert re.search(r'value="buy"[^>]* checked', again)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"effective_on": "2026-03-01"}, "effective date cannot be in the past"),
        ({"per": "", "unit": "100"}, "Choose an amount"),
        ({"cap_day": "900"}, "cap per day must not exceed"),
        ({"reason": ""}, "reason"),
    ],
)
def test_what_cannot_be_proposed_is_said_beside_the_form(wrong, said):
    programme(is_main=True)
    page = f"{reverse('points-rule')}?activity=transaction"
    answer = browser_of(staff_of(Role.OPERATIONS)).post(page, FORM | {"propose": "1"} | wrong)
    assert answer.status_code == 422
    assert said in markup(answer)
    assert not Request.objects.exists()


def test_a_budget_is_proposed_for_all_rules():
    points = programme(is_main=True)
    browser = browser_of(staff_of(Role.ADMINISTRATOR))
    page = reverse("points-budget")
    assert "No budget" in markup(browser.get(page))
    given = {"points": "5000", "effective_on": "2026-03-17", "reason": "pilot"}
    assert browser.post(page, given).status_code in (302, 303)
    approved(Request.objects.get())
    assert PointsBudget.objects.get(programme=points).points == 5000


def test_a_reward_is_proposed_and_listed():
    points = programme(is_main=True)
    browser = browser_of(staff_of(Role.OPERATIONS))
    given = {
        "code": "mug", "name": "马克杯", "name_en": "Mug", "state": "on", "points": "500", "cost": "12.5",
        "value": "20", "stock_added": "100", "effective_on": "2026-03-20", "reason": "launch",
    }  # fmt: skip
    assert browser.post(reverse("points-reward"), given).status_code in (302, 303)
    approved(Request.objects.get())
    listed = markup(browser.get(reverse("points-rewards")))
    assert "Mug" in listed
    assert "¥12.50" in listed
    assert rewards.latest_version(points.pk, "mug").reward.stock == 100
    answer = browser.post(f"{reverse('points-reward')}?reward=mug", given | {"stock_added": "0"})
    assert answer.status_code == 422  # the same day, and nothing new


def test_an_adjustment_is_requested_and_posted_on_approval():
    points, who = programme(is_main=True), member()
    give(points, who.pk, 100)
    browser = browser_of(staff_of(Role.CUSTOMER_SERVICE))
    page = reverse("points-adjust", args=[who.pk])
    assert "<dd>100</dd>" in markup(browser.get(page))
    assert browser.post(page, {"points": "-101", "reason": "twice"}).status_code == 422
    assert browser.post(page, {"points": "-40", "reason": "booked twice"}).status_code in (302, 303)
    assert not PointsEntry.objects.filter(kind="adjust").exists()
    approved(Request.objects.get())
    assert "Adjusted" in markup(browser.get(page))


def test_the_liability_is_shown_by_month_of_earning():
    points, who = programme(is_main=True), member()
    asked = rewards.propose(
        points, "mug", RewardDraft(100, "1", "2"), name="杯", effective_from=NOW, reason="launch",
        maker=staff_of(Role.OPERATIONS), now=NOW,
    )  # fmt: skip
    approved(asked)
    browser = browser_of(staff_of(Role.COMPLIANCE))
    assert "No figures yet" in markup(browser.get(reverse("points-liability")))
    give(points, who.pk, 5000)
    store_cohorts(points.pk, now=NOW)
    assert "<dd>¥100</dd>" in markup(browser.get(reverse("points-liability")))


@pytest.mark.parametrize("name", ["points-rules", "points-rewards", "points-liability"])
def test_pages_take_few_queries(name, django_assert_max_num_queries):
    points, who = programme(is_main=True), member()
    for number in range(6):
        rule(points, f"rule-{number}", points=number + 1)
    buy(who, "a", 1000)
    drain(now=NOW + 2 * DAY)
    browser = browser_of(staff_of(Role.ADMINISTRATOR))
    browser.get(reverse(name))
    with django_assert_max_num_queries(10):
        assert browser.get(reverse(name)).status_code == 200


def test_a_request_names_the_tiers_of_its_multipliers():
    points = programme()
    Tier.objects.create(programme=points, rank=0, code="t3", name="黄金", name_en="Gold")
    rule(points, multipliers={"t3": "1.5"})
    asked = Request.objects.get()
    prepare_earn_rules([asked])
    assert "Gold ×1.5" in [after for _label, _before, after in earn_rule_lines(asked)]


@pytest.mark.parametrize(
    "page", ["points-rules", "points-rewards", "points-budget", "benefit-settings", "benefit-new"]
)
def test_without_a_programme_a_page_of_points_or_benefits_says_so(page):
    assert "No loyalty programme yet" in markup(browser_of(staff_of(Role.OPERATIONS)).get(reverse(page)))
