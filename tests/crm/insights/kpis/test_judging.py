"""What a figure is held against: targets of its own scope, the same days before, enough members, policies."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from crm.insights.kpis.compute import compute, refresh, same_day_before
from crm.insights.kpis.definition import FEWEST
from crm.insights.kpis.registry import BY_CODE
from crm.insights.kpis.targets import BadTarget, set_target
from crm.insights.kpis.values import KpiReading, by_channel, read_board
from crm.insights.models import KpiValue
from crm.insights.templatetags.insights import kpi_change
from crm.staff.models import Role
from members.profiles.models import Book
from tests.crm.cast import NOW, approved_policy, browser_of, markup, staff_of
from tests.crm.insights.people import at, channel, client, person, spend, trade

LAST, MARCH = date(2026, 3, 15), date(2026, 3, 1)


def reading_of(staff, code: str, month: date = MARCH) -> KpiReading:
    return next(one for one in read_board(staff, month).readings if one.kpi.code == code)


def aim(code: str, value: str, **scope) -> None:
    set_target(
        kpi=code, value=Decimal(value), effective_from=date(2026, 1, 1), reason="because",
        staff=staff_of(Role.OPERATIONS), now=NOW, **scope,
    )  # fmt: skip


def test_a_target_judges_its_own_scope_only(world):
    manager, analyst = staff_of(Role.RELATIONSHIP_MANAGER), staff_of(Role.ANALYST)
    Book.objects.create(member=client("700"), staff=manager, started_at=at(1, 1))
    compute(last_day=LAST, now=NOW)
    aim("aum_per_client", "900")
    assert reading_of(analyst, "aum_per_client").meets_target is False
    assert reading_of(manager, "aum_per_client").target is None
    aim("aum_per_client", "600", scope="staff", scope_id=manager.pk)
    assert reading_of(manager, "aum_per_client").meets_target is True
    assert reading_of(analyst, "aum_per_client").target == 900
    with pytest.raises(BadTarget):
        aim("cost_per_registration", "60", scope="staff", scope_id=manager.pk)
    aim("net_new_money", "-500")
    with pytest.raises(BadTarget):
        aim("aum_per_client", "-1")


def test_the_form_sets_a_target_for_a_book_and_the_page_names_it(world):
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    browser = browser_of(staff_of(Role.OPERATIONS))
    form = {
        "scope": f"staff:{manager.pk}",
        "value": "40",
        "effective_from": "2026-03-01",
        "reason": "a start",
    }
    assert browser.post("/kpis/vip_share/target/", form).status_code == 302
    assert f"Book of {manager}" in browser.get("/kpis/vip_share/").content.decode()
    assert "40%" in browser_of(manager).get("/kpis/vip_share/").content.decode()
    assert browser.post("/kpis/vip_share/target/", form | {"scope": "channel:1"}).status_code == 422


def test_a_share_of_few_is_grey_and_neither_on_nor_off_target(world):
    analyst = staff_of(Role.ANALYST)
    for _ in range(FEWEST - 1):
        client("300000")
    compute(last_day=LAST, now=NOW)
    aim("vip_share", "0.5")
    few = reading_of(analyst, "vip_share")
    assert (few.is_small, few.value, few.meets_target) == (True, 1, None)
    page = markup(browser_of(analyst).get("/kpis/vip_share/"))
    assert "n = 29" in page and "too few to judge" in page and "on target</span>" not in page
    client("300000")
    compute(last_day=LAST, now=NOW)
    assert (reading_of(analyst, "vip_share").is_small, reading_of(analyst, "vip_share").meets_target) == (
        False,
        True,
    )
    assert not reading_of(analyst, "aum_per_client").is_small, "money needs no crowd"


def test_a_running_month_is_compared_with_the_same_days_of_the_one_before(world):
    one = client("1000")
    trade(one, at(2, 10), "100"), trade(one, at(2, 20), "9000"), trade(one, at(3, 10), "150")
    refresh(now=NOW)
    analyst = staff_of(Role.ANALYST)
    running = reading_of(analyst, "net_new_money")
    assert (running.value, running.before, running.change, running.is_better) == (150, 100, 50, True)
    over = reading_of(analyst, "net_new_money", date(2026, 2, 1))
    assert (over.value, over.before) == (9100, 0)
    assert (reading_of(analyst, "money_out").change, reading_of(analyst, "money_out").is_better) == (0, None)
    page = markup(browser_of(analyst).get("/kpis/net_new_money/"))
    assert (
        'class="rise">+¥50</data>' in page and "better" in page and "Versus the same days last month" in page
    )
    assert KpiValue.objects.filter(span="to_date", scope="all").values("month").distinct().count() == 1


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2026, 3, 15), date(2026, 2, 15)),
        (date(2026, 3, 31), date(2026, 2, 28)),
        (date(2026, 1, 31), date(2025, 12, 31)),
        (date(2024, 3, 30), date(2024, 2, 29)),
    ],
)
def test_the_same_day_before_lies_in_the_month_before(day, before):
    assert same_day_before(day) == before


def test_a_channel_of_one_never_leads_however_well_it_did(world):
    lone, busy, busier = channel("lone"), channel("busy"), channel("busier")
    for way, count, amount in ((lone, 1, "1"), (busy, FEWEST, "900"), (busier, FEWEST, "300")):
        spend(way, date(2026, 3, 2), amount)
        for _ in range(count):
            person(registered=at(3, 2), channel=way)
    compute(last_day=LAST, now=NOW)
    ranked = by_channel(BY_CODE["cost_per_registration"], MARCH)
    assert [(one.name, one.few) for one in ranked] == [("Busier", False), ("Busy", False), ("Lone", True)]
    page = markup(browser_of(staff_of(Role.ANALYST)).get("/kpis/cost_per_registration/"))
    assert "too few to compare" in page


def test_a_change_that_rounds_to_nothing_is_no_signed_zero():
    with translation.override("en"):
        assert [kpi_change(Decimal(value), "share") for value in ("-0.0004", "0.012", "-0.5")] == [
            "<0.1 pp", "+1.2 pp", "−50 pp",
        ]  # fmt: skip


def test_trends_mark_the_months_from_which_another_policy_counts(world):
    client("700")
    approved_policy(2, effective_from=datetime(2026, 2, 14, tzinfo=ZoneInfo("Asia/Shanghai")), base_version=1)
    for last in (date(2026, 1, 31), date(2026, 2, 28), LAST):
        compute(last_day=last, now=NOW)
    browser = browser_of(staff_of(Role.ANALYST))
    page = browser.get("/kpis/churn_rate/").content.decode()
    assert "Policy v2 from this month" in page and page.count('class="mark"') == 1
    assert "Policy v2" not in browser.get("/kpis/cost_per_registration/").content.decode()


def test_a_definition_names_its_version_and_its_parameters(world):
    page = markup(browser_of(staff_of(Role.ANALYST)).get("/kpis/repeat_investment_rate/"))
    assert "version 2 of 28 Nov 2026" in page.replace('<time datetime="2026-11-28">', "").replace(
        "</time>", ""
    )
    assert "within 14 days" in page and "higher is better" in page
