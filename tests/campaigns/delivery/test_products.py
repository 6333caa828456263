"""Product marketing: the rows of suitability decide, with their reasons and what they rest on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from campaigns.delivery.gate.decide import decide
from campaigns.delivery.models import Message, Outcome, Selection, Verdict
from crm.runtime.models import Change
from members.portfolio.models import Product
from members.profiles.models import Member
from tests.campaigns.delivery.town import BODY, asked, consent, fund, investor, reader, sent_to, told, version
from tests.crm.cast import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def product():
    return fund()


def test_a_product_goes_to_whom_it_fits_and_the_snapshot_says_why(product):
    who, what = investor("C3"), version(purpose="product_marketing", product=product, body=BODY)
    decide([who.pk], what, "sms", NOW)
    found = Verdict.objects.get()
    assert (found.outcome, found.row, found.reasons) == ("allow", "M13", ["within_class"])
    assert found.snapshot["risk_class"] == "C3"
    assert found.snapshot["product_risk"] == 3
    assert {"rating_version", "house_rule", "consent", "risk_assessed_on"} <= set(found.snapshot)


def test_above_the_class_it_is_forbidden_whatever_else_holds(product):
    what = version(purpose="product_marketing", product=product, body=BODY)
    answer = asked(investor("C2"), what, NOW.replace(hour=14))
    assert (answer.outcome, answer.row, answer.reasons) == ("forbid", "M7", ("above_class", "quiet_hours"))
    stranger = investor("C2")
    consent(stranger, "product_marketing", given=False)
    assert asked(stranger, what).reasons == ("no_consent", "above_class")


def test_the_assessment_ends_to_the_day(product):
    what = version(purpose="product_marketing", product=product, body=BODY)
    who = reader(risk_class="C4", risk_assessed_on=date(2025, 3, 17))
    assert asked(who, what, NOW).outcome == Outcome.ALLOW
    assert asked(who, what, NOW + timedelta(days=1)).reasons == ("assessment_expired",)


def test_caution_is_told_and_allowed(product):
    Product.objects.filter(pk=product.pk).update(risk="R4")
    product.refresh_from_db()
    body = BODY.replace("R3", "R4")
    what = version(purpose="product_marketing", product=product, body=body)
    answer = asked(investor("C5", birth_date=date(1964, 1, 1)), what)
    assert (answer.outcome, answer.row, answer.reasons) == ("allow", "M11", ("elderly",))


def test_a_private_product_is_no_broadcast(product):
    Product.objects.filter(pk=product.pk).update(regime="PR")
    product.refresh_from_db()
    what = version(purpose="product_marketing", product=product, body=BODY)
    who = investor("C5")
    assert "no_broadcast" in asked(who, what).reasons
    assert "no_broadcast" not in asked(who, what, selection=Selection.ONE).reasons


def test_a_product_rated_anew_needs_another_approval(product):
    what = version(purpose="product_marketing", product=product, body=BODY)
    Product.objects.filter(pk=product.pk).update(risk="R4")
    assert asked(investor("C5"), what).reasons[0] == "copy_lapsed"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda who, product: Member.objects.filter(pk=who.pk).update(risk_class="C4"), "class_changed"),
        (lambda who, product: Product.objects.filter(pk=product.pk).update(term_days=30), "rating_changed"),
    ],
)
def test_a_change_of_class_or_of_the_product_stops_what_is_pending(product, change, reason):
    who, what = investor("C3"), version(purpose="product_marketing", product=product, body=BODY)
    other = version()
    told(NOW)
    sent_to(who, what)
    sent_to(who, other, key="education")
    change(who, product)
    assert told(NOW).cancelled == 1
    assert Message.objects.get(copy_version=what).reason == reason
    assert Message.objects.get(copy_version=other).state == "queued"


def test_what_was_queued_after_a_change_was_decided_by_it(product):
    who, what = investor("C3"), version(purpose="product_marketing", product=product, body=BODY)
    Member.objects.filter(pk=who.pk).update(risk_class="C4", updated_at=NOW - timedelta(minutes=1))
    Change.objects.exclude(at=NOW - timedelta(minutes=1)).delete()
    sent_to(who, what)
    assert told(NOW).cancelled == 0
