"""The pages of suitability: what they show, propose and record, and what they refuse."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from crm.staff.models import Request, Role
from members.portfolio.models import InvestorStatus, ProductRating, PurchaseDecision
from members.portfolio.suitability.change import house_rule, rating, status
from members.portfolio.suitability.house_rule import TABLE_VALUES
from tests.crm.cast import NOW, browser_of, staff_of
from tests.members.portfolio.suitability.world import (
    REASON,
    TODAY,
    investor,
    product,
    rate,
    ruled,
    verified,
)

pytestmark = pytest.mark.django_db
RATING = {"rater": "seller", "rating": "R4", "effective_from": TODAY, "basis": "report 7", "reason": REASON}


@pytest.fixture(autouse=True)
def _now(settings):
    settings.BUSINESS_NOW = NOW.isoformat()


def text(client, name: str, *args: int) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_products_show_the_rating_that_counts_and_who_gave_it():
    one = product("Steady", risk="R2")
    rate(one, "R3")
    product("Bare", risk="R1", registration_code="", closed_on=TODAY)
    reader = browser_of(staff_of(Role.ANALYST))
    page = text(reader, "product-ratings")
    assert page.index("Bare") < page.index("Steady")
    assert "<b>R3</b>" in page
    assert "No longer offered" in page
    ours = text(reader, "product-rating", one.pk)
    assert "report 7" in ours
    assert "Submit for approval" not in ours
    assert reader.get(reverse("product-rating", args=[10**9])).status_code == 404


def test_a_rating_is_proposed_and_put_under_review():
    one, client = product(), browser_of(staff_of(Role.OPERATIONS))
    address = reverse("product-rating", args=[one.pk])
    assert client.post(address, RATING | {"basis": " "}).status_code == 422
    assert client.post(address, RATING | {"reason": ""}).status_code == 422
    assert client.post(address, RATING | {"effective_from": TODAY - timedelta(days=1)}).status_code == 422
    assert not Request.objects.exists()
    assert client.post(address, RATING).status_code == 302
    assert Request.objects.get().kind == rating.KIND
    assert "R4" in text(client, "product-rating", one.pk)
    review = {"rater": "manager", "basis": "new prospectus", "review": "1"}
    assert client.post(address, review).status_code == 302
    assert ProductRating.objects.get().rating is None
    assert client.post(address, review).status_code == 422
    assert "Under review" in text(client, "product-ratings")


def test_a_house_rule_is_proposed_and_a_looser_one_named():
    ruled(highest_jump=2)
    client = browser_of(staff_of(Role.COMPLIANCE))
    page = text(client, "house-rule")
    assert "Version 1, effective from" in page
    form = TABLE_VALUES | {"highest_jump": 2, "effective_from": TODAY, "reason": REASON}
    looser = client.post(reverse("house-rule"), form | {"highest_c1": 2})
    assert looser.status_code == 422
    assert "less than or equal to 1" in looser.content.decode()
    assert client.post(reverse("house-rule"), form).status_code == 422  # nothing changes
    assert client.post(reverse("house-rule"), form | {"caution_age": 58}).status_code == 302
    assert Request.objects.filter(kind=house_rule.KIND, state="pending").count() == 1


def test_a_status_is_submitted_and_ended():
    row, client = investor(), browser_of(staff_of(Role.OPERATIONS))
    address = reverse("investor-status", args=[row.pk])
    form = {
        "basis": "qualified_assets", "evidence": "folder 7", "reason": REASON,
        "verified_on": TODAY, "valid_until": TODAY + timedelta(days=90),
    }  # fmt: skip
    assert client.post(address, form | {"basis": "nonsense"}).status_code == 422
    assert client.post(address, form).status_code == 302
    assert Request.objects.filter(kind=status.KIND).count() == 1
    made = verified(row.pk)
    assert "Current" in text(client, "investor-status", row.pk)
    end = reverse("investor-status-end", args=[row.pk])
    client.post(end, {"status": made.pk, "reason": ""})
    assert InvestorStatus.objects.get().ended_on is None
    client.post(end, {"status": made.pk, "reason": "evidence withdrawn"})
    assert InvestorStatus.objects.get().ended_on == TODAY
    assert client.post(end, {"status": "x", "reason": "y"}).status_code == 404


def test_a_purchase_is_checked_and_shown_with_all_reasons_on_the_member_page():
    row, one = investor("C2", born=TODAY.replace(year=1950)), product("Bold", risk="R4")
    client = browser_of(staff_of(Role.CUSTOMER_SERVICE))
    address = reverse("purchase-check", args=[row.pk])
    form = {"product": one.pk, "steps": ["own_initiative"], "key": str(uuid.uuid4())}
    assert client.post(address, form | {"product": 10**9}).status_code == 422
    assert client.post(address, form | {"steps": ["bribed"]}).status_code == 422
    for _ in range(2):
        assert client.post(address, form).status_code == 303
    assert PurchaseDecision.objects.get().code == "P7"
    page = text(client, "purchase-check", row.pk)
    assert "Cautious procedure required" in page
    assert "only after written warning and confirmation" in page
    member_page = " ".join(client.get(f"/members/{row.pk}/?tab=products").content.decode().split())
    assert "Cautious procedure required" in member_page
    assert "M7" in member_page  # the row of the message table that decided


def test_the_administration_shows_a_rating_and_does_not_change_it(client):
    one = product(risk="R4")
    client.force_login(staff_of(Role.ADMINISTRATOR), backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("admin:portfolio_product_change", args=[one.pk])
    page = client.get(address).content.decode()
    assert reverse("product-rating", args=[one.pk]) in page
    form = {"code": "P1", "name": "Renamed", "category": one.category_id, "regime": "FS", "risk": "R1"}
    assert client.post(address, form).status_code == 302
    one.refresh_from_db()
    assert (one.name, one.risk) == ("Renamed", "R4")
