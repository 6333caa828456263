"""Claims: one officer a version, for a while, and whoever takes over does so knowingly."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from campaigns.review.copy.decide import return_to_maker
from campaigns.review.desk import claims
from campaigns.review.desk.claims import LENGTH, Held, NothingToClaim
from campaigns.review.models import ReviewClaim
from crm.staff.permissions import NotAllowed
from tests.campaigns.review.copy.town import maker, officer
from tests.campaigns.review.desk.town import in_review
from tests.crm.cast import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + LENGTH


def test_a_second_officer_is_told_who_holds_it_until_the_claim_ends():
    version, first, second = in_review(maker()), officer(), officer()
    claims.claim(version.pk, first, now=NOW)
    with pytest.raises(Held) as held:
        claims.claim(version.pk, second, now=LATER - timedelta(seconds=1))
    assert (held.value.claim.officer, held.value.claim.until) == (first, LATER)
    assert claims.claim(version.pk, second, now=LATER).officer == second


def test_work_prolongs_ones_own_claim():
    version, first, second = in_review(maker()), officer(), officer()
    claims.claim(version.pk, first, now=NOW)
    again = claims.claim(version.pk, first, now=NOW + timedelta(minutes=10))
    assert (again.claimed_at, again.until) == (NOW, LATER + timedelta(minutes=10))
    with pytest.raises(Held):
        claims.claim(version.pk, second, now=LATER)


def test_taking_over_names_from_whom():
    version, first, second = in_review(maker()), officer(), officer()
    claims.claim(version.pk, first, now=NOW)
    taken = claims.claim(version.pk, second, now=NOW, take_over=True)
    assert (taken.officer, taken.taken_from) == (second, first)
    with pytest.raises(Held):
        claims.claim(version.pk, first, now=NOW)


def test_the_next_one_is_the_most_urgent_that_nobody_holds_and_one_did_not_write():
    by, first, second = maker(), officer(), officer()
    late = in_review(by, code="late", now=NOW + timedelta(days=3))
    soon = in_review(by, code="soon")
    assert claims.claim_next(first, now=NOW) == soon.pk
    assert claims.claim_next(second, now=NOW) == late.pk
    assert claims.claim_next(officer(), now=NOW) is None
    assert claims.claim_next(first, now=NOW, after=soon.pk) is None


def test_only_what_waits_can_be_claimed_and_only_by_officers():
    version, checker = in_review(maker()), officer()
    with pytest.raises(NotAllowed):
        claims.claim(version.pk, maker(), now=NOW)
    return_to_maker(
        version.pk, template_hash=version.template_hash, officer=checker, reason="写明来源", now=NOW
    )
    with pytest.raises(NothingToClaim):
        claims.claim(version.pk, checker, now=NOW)


def test_one_gives_back_ones_own_only():
    version, first = in_review(maker()), officer()
    claims.claim(version.pk, first, now=NOW)
    claims.release(version.pk, officer())
    assert ReviewClaim.objects.filter(pk=version.pk).exists()
    claims.release(version.pk, first)
    assert not ReviewClaim.objects.filter(pk=version.pk).exists()


@pytest.mark.parametrize("cheat", [{"until": NOW}, {"taken_from": True}])
def test_the_database_refuses_a_claim_that_makes_no_sense(cheat):
    version, first = in_review(maker()), officer()
    values = {"until": LATER} | cheat
    if "taken_from" in cheat:
        values["taken_from"] = first
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewClaim.objects.create(version=version, officer=first, claimed_at=NOW, **values)
