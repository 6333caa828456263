from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from crm.runtime.extension.registry import RegisteredTwice, Registry
from crm.staff.four_eyes import requests
from crm.staff.four_eyes.requests import (
    AlreadyProposed,
    CannotDecide,
    UnknownKind,
    approve,
    expire_due,
    propose,
    register,
    reject,
    withdraw,
)
from crm.staff.models import Request, RequestState, Role, Team
from crm.staff.permissions import DECIDE_REQUEST, NotAllowed
from crm.staff.privacy.access_log import ReasonMissing
from members.lifecycle.permissions import CHANGE_POLICY
from tests.crm.staff.people import NOW, staff_of

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def _found_team(request, now):
    Team.objects.create(name=request.proposal["name"])


def _fail(request, now):
    _found_team(request, now)
    raise RuntimeError("cannot be applied")


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    monkeypatch.setattr(requests, "_kinds", Registry("request kind"))
    register("found_team", _found_team, DECIDE_REQUEST, makers=CHANGE_POLICY)
    register("fail", _fail)


@pytest.fixture
def maker():
    return staff_of(Role.OPERATIONS)


@pytest.fixture
def checker():
    return staff_of(Role.COMPLIANCE)


def _propose(maker, kind="found_team", **changes):
    values = {
        "kind": kind,
        "proposal": {"name": "North"},
        "diff": {"name": [None, "North"]},
        "summary": "Found team North",
        "reason": "A new branch opens",
        "maker": maker,
        "now": NOW,
        "ttl": timedelta(days=1),
    }
    return propose(**values | changes)


def _teams():
    return list(Team.objects.values_list("name", flat=True))


def test_a_proposal_changes_nothing_until_somebody_else_approves(maker, checker):
    request = _propose(maker)
    assert (request.state, request.expires_at, _teams()) == (
        RequestState.PENDING,
        NOW + timedelta(days=1),
        [],
    )
    decided = approve(request_id=request.pk, checker=checker, opinion="Agreed", now=LATER)
    assert (decided.state, decided.checker, decided.decided_at, decided.opinion) == (
        RequestState.APPROVED, checker, LATER, "Agreed",
    )  # fmt: skip
    assert _teams() == ["North"]


def test_a_rejection_applies_nothing_and_says_why(maker, checker):
    request = _propose(maker)
    with pytest.raises(ReasonMissing):
        reject(request_id=request.pk, checker=checker, opinion="no", now=LATER)
    assert (
        reject(request_id=request.pk, checker=checker, opinion="Not this year", now=LATER).opinion
        == "Not this year"
    )
    assert _teams() == []


def test_approval_and_application_are_one(maker, checker):
    request = _propose(maker, kind="fail")
    with pytest.raises(RuntimeError), transaction.atomic():
        approve(request_id=request.pk, checker=checker, opinion="", now=LATER)
    request.refresh_from_db()
    assert (request.state, request.checker, _teams()) == (RequestState.PENDING, None, [])


@pytest.mark.parametrize("superuser", [False, True])
def test_the_maker_is_never_the_checker(superuser):
    maker = staff_of(Role.ADMINISTRATOR, is_superuser=superuser)
    request = _propose(maker)
    with pytest.raises(CannotDecide, match="own_request"):
        approve(request_id=request.pk, checker=maker, opinion="", now=LATER)
    with pytest.raises(IntegrityError, match="request_maker_is_not_checker"), transaction.atomic():
        Request.objects.filter(pk=request.pk).update(state="approved", checker=maker, decided_at=LATER)


def test_a_request_is_decided_once(maker, checker):
    request = _propose(maker)
    reject(request_id=request.pk, checker=checker, opinion="Not this year", now=LATER)
    for decide in (approve, reject):
        with pytest.raises(CannotDecide, match="request_closed"):
            decide(request_id=request.pk, checker=checker, opinion="On second thoughts", now=LATER)
    assert _teams() == []


def test_an_expired_request_cannot_be_approved_even_before_it_is_marked(maker, checker):
    request = _propose(maker)
    with pytest.raises(CannotDecide):
        approve(request_id=request.pk, checker=checker, opinion="", now=request.expires_at)


def test_nothing_is_decided_before_it_was_made(maker, checker):
    """The clock was set back: the log would tell an approval of something that nobody had asked for yet."""
    request = _propose(maker)
    earlier = request.made_at - timedelta(hours=3)
    for decide in (approve, reject):
        with pytest.raises(CannotDecide, match="request_not_yet_made"):
            decide(request_id=request.pk, checker=checker, opinion="Looked at it", now=earlier)
    assert withdraw(request_id=request.pk, maker=maker, now=earlier).decided_at == request.made_at


def test_expire_due_closes_what_nobody_decided(maker, checker):
    late, waiting, done = (
        _propose(maker, proposal={"name": name}, ttl=timedelta(days=days))
        for name, days in (("North", 1), ("South", 3), ("West", 1))
    )
    reject(request_id=done.pk, checker=checker, opinion="Not this year", now=LATER)
    assert expire_due(late.expires_at - timedelta(microseconds=1)) == 0
    assert expire_due(late.expires_at) == 1
    assert expire_due(late.expires_at) == 0
    states = dict(Request.objects.values_list("pk", "state"))
    assert states == {late.pk: "expired", waiting.pk: "pending", done.pk: "rejected"}


def test_only_the_maker_withdraws_and_only_while_it_waits(maker, checker):
    request = _propose(maker)
    with pytest.raises(CannotDecide):
        withdraw(request_id=request.pk, maker=checker, now=LATER)
    assert withdraw(request_id=request.pk, maker=maker, now=LATER).state == RequestState.WITHDRAWN
    with pytest.raises(CannotDecide):
        withdraw(request_id=request.pk, maker=maker, now=LATER)


def test_roles_decide_who_makes_and_who_checks(maker):
    with pytest.raises(NotAllowed):
        _propose(staff_of(Role.ANALYST))
    with pytest.raises(NotAllowed):
        _propose(staff_of(Role.ANALYST, is_active=False), kind="fail")
    with pytest.raises(NotAllowed):
        approve(
            request_id=_propose(maker).pk, checker=staff_of(Role.RELATIONSHIP_MANAGER), opinion="", now=LATER
        )
    assert _teams() == []


def test_mistakes_in_a_proposal_are_refused(maker, checker):
    with pytest.raises(UnknownKind):
        _propose(maker, kind="abolish_sundays")
    with pytest.raises(ReasonMissing):
        _propose(maker, reason="  x ")
    with pytest.raises(ValueError):
        _propose(maker, ttl=timedelta())
    with pytest.raises(CannotDecide):
        approve(request_id=0, checker=checker, opinion="", now=LATER)
    assert not Request.objects.exists()


def test_a_kind_has_one_owner():
    with pytest.raises(RegisteredTwice, match=r"found_team \(tests.*found_team \(tests"):
        register("found_team", _fail)


def test_the_same_change_is_pending_once(maker):
    first = _propose(maker)
    with pytest.raises(AlreadyProposed, match="already_proposed"):
        _propose(staff_of(Role.OPERATIONS))
    withdraw(request_id=first.pk, maker=maker, now=NOW)
    again = _propose(maker)
    with pytest.raises(AlreadyProposed):
        _propose(maker)
    assert Request.objects.filter(state=RequestState.PENDING).get() == again


def test_a_request_that_has_run_out_is_in_nobodys_way(maker):
    first = _propose(maker)
    _propose(maker, now=first.expires_at + timedelta(seconds=1))
    assert Request.objects.filter(state=RequestState.PENDING).count() == 1


@pytest.mark.parametrize("lost", [{"role": Role.ANALYST}, {"is_active": False}])
def test_who_may_no_longer_propose_changes_nothing_any_more(maker, checker, lost):
    request = _propose(maker)
    type(maker).objects.filter(pk=maker.pk).update(**lost)
    with pytest.raises(CannotDecide, match="maker_lost_permission"):
        approve(request_id=request.pk, checker=checker, opinion="", now=LATER)
    request.refresh_from_db()
    assert request.state == RequestState.PENDING
    assert not Team.objects.exists()
    reject(request_id=request.pk, checker=checker, opinion="has left", now=LATER)
