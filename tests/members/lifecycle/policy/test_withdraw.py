"""An approved version goes before it takes effect, by two people; one in force stays, whoever asks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from crm.staff.four_eyes import requests
from crm.staff.models import RequestState, Role
from crm.staff.privacy.access_log import ReasonMissing
from members.lifecycle.models import Policy, WithdrawnPolicy
from members.lifecycle.policy import withdraw
from members.lifecycle.policy.change import draft_policy
from members.lifecycle.policy_versions import policy_at
from tests.crm.cast import NOW, approved_policy, browser_of, staff_of

pytestmark = pytest.mark.django_db

SOON = NOW + timedelta(days=3)


@pytest.fixture
def upcoming(settings) -> Policy:
    settings.BUSINESS_NOW = NOW.isoformat()
    return approved_policy(2, effective_from=SOON, stalled_days=9)


def asked(version: int, now=NOW):
    return withdraw.propose(version, reason="too early", maker=staff_of(Role.OPERATIONS), now=now)


def decide(request, now=NOW, opinion="agreed"):
    checker = staff_of(Role.COMPLIANCE)
    return requests.approve(request_id=request.pk, checker=checker, opinion=opinion, now=now)


def test_a_withdrawn_version_never_applies_and_its_number_is_not_used_again(upcoming):
    decide(asked(2))
    assert policy_at(SOON).version == 1
    gone = WithdrawnPolicy.objects.get()
    assert (gone.version, gone.values["stalled_days"], gone.effective_from) == (2, "9", SOON)
    assert draft_policy({"stalled_days": 11}, effective_from=SOON, now=NOW).version == 3


def test_one_in_force_or_built_on_is_not_withdrawn(upcoming):
    with pytest.raises(withdraw.WithdrawalRefused) as refused:
        asked(2, now=SOON)
    assert refused.value.code == withdraw.Refusal.IN_FORCE
    request = asked(2)
    approved_policy(3, effective_from=SOON + timedelta(days=1))
    with pytest.raises(requests.BasisChanged):
        decide(request)
    request.refresh_from_db()
    assert request.state == RequestState.RETURNED
    with pytest.raises(withdraw.WithdrawalRefused) as refused:
        asked(2)
    assert refused.value.code == withdraw.Refusal.NOT_LATEST


def test_an_approval_needs_an_opinion_and_comes_in_time(upcoming):
    request = asked(2)
    assert request.expires_at == SOON
    with pytest.raises(ReasonMissing):
        decide(request, opinion=" ")
    with pytest.raises(requests.CannotDecide):
        decide(request, now=SOON)
    assert policy_at(SOON).version == 2


def test_the_database_keeps_what_is_in_force(upcoming):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Policy.objects.filter(version=2).delete()
    request = asked(2)
    requests.reject(request_id=request.pk, checker=staff_of(Role.COMPLIANCE), opinion="it stays", now=NOW)
    row = {"version": 2, "effective_from": SOON, "values": {}, "request_id": request.pk, "withdrawn_at": NOW}
    with pytest.raises(DatabaseError, match="needs an approved request"), transaction.atomic():
        WithdrawnPolicy.objects.create(**row)
    # Approved when the version was in force already: refused by the row's own guard.
    late = approved_policy(3, effective_from=NOW - timedelta(days=1))
    row |= {"version": 3, "effective_from": late.effective_from, "request_id": late.request_id}
    with pytest.raises(DatabaseError), transaction.atomic():
        WithdrawnPolicy.objects.create(**row)


def test_the_page_offers_it_and_says_what_became_of_it(upcoming):
    operator, checker = browser_of(staff_of(Role.OPERATIONS)), browser_of(staff_of(Role.COMPLIANCE))
    assert "/policy/2/withdraw/" in operator.get("/policy/").content.decode()
    assert "/policy/2/withdraw/" not in checker.get("/policy/").content.decode()
    operator.post("/policy/2/withdraw/", {"reason": "too early"})
    page = checker.get("/requests/").content.decode()
    assert "Withdraw policy version 2" in page
    request = requests.Request.objects.get(kind=withdraw.KIND)
    checker.post(f"/requests/{request.pk}/decide/", {"choice": "approve"})
    assert Policy.objects.filter(version=2).exists()
    checker.post(f"/requests/{request.pk}/decide/", {"choice": "approve", "opinion": "yes, too early"})
    text = operator.get("/policy/").content.decode()
    assert "It would have taken effect on" in text and "yes, too early" in text
