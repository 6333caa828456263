"""Uses by supplier and month, for those who compare them with what suppliers bill."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crm.staff.models import Export, Role
from members.loyalty.benefits.quota import use
from tests.crm.cast import NOW, browser_of, markup, member, staff_of
from tests.members.loyalty.benefits.town import benefit, used

pytestmark = pytest.mark.django_db
PAGE = "/loyalty/benefits/costs/"


@pytest.fixture(autouse=True)
def _uses(settings):
    settings.BUSINESS_NOW = NOW.isoformat()
    before = datetime(2026, 2, 20, tzinfo=UTC)
    lounge = benefit(now=before)
    clinic = benefit(
        "clinic", name="体检", name_en="Check-up", supplier="Sun Clinic", cost="900.00", now=before
    )
    who, staff = member(), staff_of(Role.CUSTOMER_SERVICE)
    used(who, lounge, "one", reference="B-1")
    used(who, clinic, "two", at=datetime(2026, 2, 28, 15, 59, tzinfo=UTC))  # still February in Shanghai
    used(who, clinic, "three", at=datetime(2026, 2, 28, 16, 0, tzinfo=UTC))
    undone = used(who, lounge, "four")
    use.undo(member_id=who.pk, use_id=undone.id, staff=staff, now=NOW)


def test_a_month_is_told_by_supplier(django_assert_max_num_queries):
    browser = browser_of(staff_of(Role.OPERATIONS))
    with django_assert_max_num_queries(10):
        page = markup(browser.get(PAGE))
    assert "2 uses, ¥1,080" in page
    assert page.index("Sun Clinic") < page.index("Dragon Lounge")
    page = markup(browser_of(staff_of(Role.COMPLIANCE)).get(f"{PAGE}?month=2026-02"))
    assert "1 use, ¥900" in page


def test_one_supplier_is_shown_alone_with_its_booking_numbers():
    page = markup(browser_of(staff_of(Role.OPERATIONS)).get(f"{PAGE}?supplier=Dragon+Lounge"))
    assert "B-1" in page
    assert "Check-up" not in page
    assert "王小明" not in page


def test_the_file_needs_a_purpose_which_is_logged():
    browser = browser_of(staff_of(Role.OPERATIONS))
    assert browser.post(f"{PAGE}export/?month=2026-03", {"purpose": ""}).status_code == 302
    assert not Export.objects.exists()
    answer = browser.post(f"{PAGE}export/?month=2026-03", {"purpose": "March invoices"})
    lines = b"".join(answer).decode().splitlines()
    assert len(lines) == 3
    assert "Sun Clinic" in lines[1]
    begun, ended = Export.objects.order_by("pk")
    assert begun.query == {"month": "2026-03", "supplier": "", "purpose": "March invoices"}
    assert ended.rows == 2


def test_an_administrator_may_look_but_takes_no_file():
    browser = browser_of(staff_of(Role.ADMINISTRATOR))
    assert browser.get(PAGE).status_code == 200
    assert browser.post(f"{PAGE}export/", {"purpose": "March invoices"}).status_code == 403
