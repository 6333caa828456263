"""The benefit desk: customer service finds a member, records a use and undoes it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from crm.staff.models import Request, Role
from members.loyalty.models import BenefitUse
from tests.crm.cast import NOW, browser_of, markup, member, staff_of
from tests.members.loyalty.benefits.town import approve, benefit, used

pytestmark = pytest.mark.django_db
KEY = "0" * 32


@pytest.fixture(autouse=True)
def _now(settings):
    settings.BUSINESS_NOW = NOW.isoformat()


@pytest.fixture
def service():
    return browser_of(staff_of(Role.CUSTOMER_SERVICE))


def desk_of(who):
    return f"/loyalty/benefits/desk/{who.pk}/"


def test_a_single_match_opens_directly(service):
    who = member(mobile="13800001234")
    answer = service.post("/loyalty/benefits/desk/", {"q": "13800001234"})
    assert (answer.status_code, answer["Location"]) == (302, desk_of(who))


def test_several_matches_are_listed_masked(service):
    for name in ("王小明", "王小红"):
        member(name)
    page = markup(service.post("/loyalty/benefits/desk/", {"q": "王"}))
    assert page.count("/loyalty/benefits/desk/") >= 3
    assert "王小" not in page


def test_a_member_not_to_be_seen_is_not_there():
    manager = browser_of(staff_of(Role.RELATIONSHIP_MANAGER))
    assert manager.get(desk_of(member())).status_code == 404


def test_a_use_is_recorded_once_and_undone(service, django_assert_max_num_queries):
    who, what = member(), benefit(quotas={"basic": 3})
    with django_assert_max_num_queries(10):
        page = markup(service.get(desk_of(who)))
    assert "<b>3</b> of 3 left" in page
    form = {"benefit": what.pk, "key": KEY, "reference": "B-77"}
    for _ in range(2):  # a double click
        assert service.post(f"{desk_of(who)}record/", form).status_code == 302
    page = markup(service.get(desk_of(who)))
    assert "<b>2</b> of 3 left" in page
    assert "Recorded: Airport lounge." in page
    assert "B-77" in page
    use = BenefitUse.objects.get()
    service.post(f"{desk_of(who)}undo/", {"use": use.id})
    page = markup(service.get(desk_of(who)))
    assert "<b>3</b> of 3 left" in page
    assert "undone by" in page


def test_a_use_of_yesterday_counts_for_yesterday(service):
    who, what = member(), benefit(now=NOW - timedelta(days=5))
    service.post(f"{desk_of(who)}record/", {"benefit": what.pk, "key": KEY, "used_on": "2026-03-15"})
    assert str(BenefitUse.objects.get().day) == "2026-03-15"


@pytest.mark.parametrize(
    "form", [{}, {"key": "x"}, {"key": KEY, "used_on": "soon"}, {"key": KEY, "benefit": "a"}]
)
def test_nothing_is_recorded_from_a_form_of_something_else(service, form):
    who, what = member(), benefit()
    service.post(f"{desk_of(who)}record/", {"benefit": what.pk} | form)
    assert not BenefitUse.objects.exists()


def test_a_used_up_benefit_says_so_in_place_of_the_button(service):
    who, what = member(), benefit(quotas={"basic": 1})
    used(who, what, "one")
    page = markup(service.get(desk_of(who)))
    assert "Used up" in page
    assert f"{desk_of(who)}record/" not in page


def test_above_the_cost_limit_a_second_person_grants_it(service):
    who, what = member(), benefit(cost="9000.00", approval_above="5000.00")
    page = markup(service.get(desk_of(who)))
    assert "Request approval" in page
    service.post(f"{desk_of(who)}request/", {"benefit": what.pk, "reason": "surgery next week"})
    asked = Request.objects.get(kind="loyalty.benefit_grant")
    assert not BenefitUse.objects.exists()
    approve(asked)
    assert "<b>1</b> of 2 left" in markup(service.get(desk_of(who)))


def test_numbers_are_keys_and_chinese_is_whole(service):
    who = member()
    benefit()
    staff = staff_of(Role.CUSTOMER_SERVICE, language="zh-hans")
    page = markup(browser_of(staff).get(desk_of(who)))
    assert re.search(r'data-key="1"', page)
    assert "登记使用" in page
    assert "机场贵宾厅" in page
