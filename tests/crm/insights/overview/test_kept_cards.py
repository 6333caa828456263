from datetime import date

from crm.insights.kpis.compute import compute
from crm.staff.models import Role
from tests.crm.cast import NOW, browser_of, staff_of
from tests.crm.insights.people import client as client_of

HTMX = {"HX-Request": "true"}
TODAY = date(2026, 3, 16)


def test_what_is_kept_of_the_cards_follows_language_target_and_count(world):
    operations, reader = staff_of(Role.OPERATIONS), staff_of(Role.ANALYST, language="zh-hans")
    client_of("3000")
    compute(last_day=date(2026, 3, 15), now=NOW)
    browser = browser_of(operations)
    assert "not set" in browser.get("/lifecycle/").content.decode()
    assert "客均资产" in browser_of(reader).get("/lifecycle/").content.decode()
    form = {"value": "4000", "effective_from": "2026-03-01", "reason": "Plan of the year"}
    browser.post("/kpis/aum_per_client/target/", form)
    assert "¥4,000" in (page := browser.get("/lifecycle/").content.decode()) and "off target" in page
    client_of("6000")
    compute(last_day=date(2026, 3, 15), now=NOW)
    page = browser.get("/lifecycle/").content.decode()
    assert "¥4,500" in page and "off target" not in page
