"""Complaints on the member page: first what is open, and the dialogs that take it on."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from crm.staff.models import Role
from members.portfolio.models import Category, Product
from members.profiles.models import Complaint
from tests.crm.cast import NOW, browser_of, member, staff_of

DAY = timedelta(days=1)


def open_one(row, **given) -> Complaint:
    values = {"id": "bank:7", "received_at": NOW - 3 * DAY, "words": "到账慢", **given}
    return Complaint.objects.create(member=row, **values)


def read(client, row, tab="overview") -> str:
    return client.get(f"/members/{row.id}/", {"tab": tab}).content.decode()


@pytest.fixture
def service(world):
    return browser_of(staff_of(Role.CUSTOMER_SERVICE))


def test_the_page_says_first_that_a_complaint_is_open(service):
    row = member()
    assert "service only" not in read(service, row)
    open_one(row, owner=staff_of(Role.RELATIONSHIP_MANAGER))
    page = read(service, row)
    assert page.index("Open complaint: service only, no products") < page.index('id="panel"')
    assert "open for 3 days" in page
    assert "到账慢" in page
    assert "No products: service only while a complaint is open" in page


def test_no_product_is_eligible_while_a_complaint_is_open(service):
    row = member()
    category = Category.objects.create(code="fund", name="基金")
    Product.objects.create(code="P", name="P", category=category, risk="R1", regime="FS")
    open_one(row)
    page = read(service, row, "products")
    assert "a complaint is open: service only" in page
    assert "Eligible</b>" not in page


def test_a_complaint_is_recorded_answered_closed_and_reopened(service):
    row = member()
    form = service.get(f"/members/{row.id}/complaints/new/").content.decode()
    key = re.search(r'name="key" value="([0-9a-f]{32})"', form)[1]
    given = {"words": "太慢", "received_on": "2026-03-15", "key": key}
    for _ in range(2):
        assert service.post(f"/members/{row.id}/complaints/new/", given).status_code == 302
    complaint = Complaint.objects.get()
    assert (complaint.words, complaint.closed_at) == ("太慢", None)
    which = f"?complaint={complaint.id}"
    answered = service.post(f"/members/{row.id}/complaints/answer/{which}", {"words": "已答"})
    assert answered.headers["Location"] == f"/members/{row.id}/"
    second = service.post(f"/members/{row.id}/complaints/answer/{which}", {"words": "再答"})
    assert second.status_code == 422
    assert "Someone else updated this complaint" in second.content.decode()
    service.post(f"/members/{row.id}/complaints/close/{which}", {"words": "已结"})
    assert "Open complaint" not in read(service, row)
    complaint.refresh_from_db()
    assert "已结" in read(service, row, "history")
    undo = {"complaint": complaint.id, "closed_at": complaint.closed_at.isoformat()}
    service.post(f"/members/{row.id}/complaints/reopen/", undo)
    assert "已答" in read(service, row)


def test_what_is_missing_is_said_in_the_dialog(service):
    row = member()
    response = service.post(
        f"/members/{row.id}/complaints/new/", {"words": ""}, headers={"HX-Request": "true"}
    )
    assert response.status_code == 422
    assert service.post(f"/members/{row.id}/complaints/close/?complaint=no", {}).status_code == 404


def test_htmx_loads_the_page_again(service):
    row = member()
    open_one(row)
    address = f"/members/{row.id}/complaints/close/?complaint=bank:7"
    response = service.post(address, {"words": "ok"}, headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"] == f"/members/{row.id}/"
    assert "Complaint closed." in read(service, row)


def test_readers_without_the_right_see_no_buttons_and_masked_words(world):
    row = member()
    open_one(row)
    page = read(browser_of(staff_of(Role.OPERATIONS)), row)
    assert "Open complaint" in page
    assert "到账慢" not in page
    assert "/complaints/" not in page


def test_the_pages_of_a_member_with_complaints_take_ten_queries(service, django_assert_max_num_queries):
    row = member()
    for number in range(3):
        open_one(row, id=f"bank:{number}")
    for tab in ("overview", "products", "history"):
        with django_assert_max_num_queries(10):
            read(service, row, tab)


@pytest.mark.parametrize("at", ["", "x", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_an_odd_instant_or_id_is_no_complaint(service, at):
    row = member()
    open_one(row)
    undo = {"complaint": "bank:7", "closed_at": at}
    assert service.post(f"/members/{row.id}/complaints/reopen/", undo).status_code == 404
    for step in ("answer", "close"):
        assert service.get(f"/members/{row.id}/complaints/{step}/?complaint=%00x").status_code == 404
