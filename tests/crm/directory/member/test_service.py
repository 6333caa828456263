"""What customer service sees of a member first: identity check, last trades, manager."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.staff.models import Role
from members.portfolio.models import Transaction
from tests.crm.cast import NOW, browser_of, markup, member, staff_of

pytestmark = pytest.mark.usefixtures("world")


@pytest.fixture
def wang():
    row = member("王小明", mobile="13812345678", number="M-1", manager=staff_of(Role.RELATIONSHIP_MANAGER))
    for days in range(1, 8):
        Transaction.objects.create(
            member=row, id=f"t{days}", at=NOW - timedelta(days=days), kind="buy", amount=100 * days
        )
    return row


def test_the_page_begins_with_identity_check_last_trades_and_manager(wang):
    page = browser_of(staff_of(Role.CUSTOMER_SERVICE)).get(f"/members/{wang.pk}/")
    assert page.context_data["tab"] == "service"
    html = markup(page)
    assert html.index("Identity check") < html.index("138****5678", html.index("Identity check"))
    assert "13812345678" not in html
    assert "relationship_manager" in html[html.index("Identity check") :]
    assert [row.amount for row in page.context_data["trades"].rows] == [100, 200, 300, 400, 500]
    assert "No open complaints." in html
    assert html.index("Identity check") < html.index("Last trades")


def test_it_takes_at_most_ten_queries(wang):
    client = browser_of(staff_of(Role.CUSTOMER_SERVICE))
    client.get(f"/members/{wang.pk}/")
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/members/{wang.pk}/")
    assert len(queries) <= 10


def test_the_overview_is_the_second_section_for_customer_service_and_the_first_for_others(wang):
    service = browser_of(staff_of(Role.CUSTOMER_SERVICE))
    assert service.get(f"/members/{wang.pk}/?tab=overview").context_data["tab"] == "overview"
    compliance = browser_of(staff_of(Role.COMPLIANCE))
    assert compliance.get(f"/members/{wang.pk}/").context_data["tab"] == "overview"
    assert compliance.get(f"/members/{wang.pk}/?tab=service").status_code == 400


def test_the_preview_dials_only_what_was_revealed(wang):
    client = browser_of(staff_of(Role.CUSTOMER_SERVICE))
    preview = client.get(f"/members/{wang.pk}/peek/").content.decode()
    assert "138****5678" in preview
    assert f'action="/members/{wang.pk}/reveal/"' in preview
    assert "tel:" not in preview
    answer = client.post(
        f"/members/{wang.pk}/reveal/",
        {"field": "mobile", "reason": "call back"},
        headers={"HX-Request": "true"},
    )
    assert "tel:+8613812345678" in answer.content.decode()
