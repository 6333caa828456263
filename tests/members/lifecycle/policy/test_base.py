"""A draft builds on the version that applies just before it, and is approved only while that stands."""

from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from django.db import IntegrityError, connection, transaction

from crm.staff.four_eyes import requests
from crm.staff.four_eyes.inbox import shown
from crm.staff.models import Request, RequestState, Role
from members.lifecycle.models import Policy
from members.lifecycle.policy import change, trial
from members.lifecycle.policy_versions import policy_at
from members.lifecycle.recording.restage import restage
from tests.crm.cast import approved_policy, browser_of, staff_of
from tests.crm.runtime.queue.steps import until, waits_for_a_lock
from tests.members.lifecycle import tables
from tests.members.lifecycle.crowd import NOW, crowd
from tests.members.lifecycle.policy.trials import form

pytestmark = pytest.mark.django_db(transaction=True)
SOON = datetime(2024, 3, 13, 16, tzinfo=UTC)  # midnight in Shanghai, a week from now
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def people(settings):
    settings.BUSINESS_NOW = NOW.isoformat()
    world = crowd(7)
    with tables.platform(str(world.zone), world.policies):
        tables.put_world(world)
        restage(now=NOW)
        yield


@pytest.fixture
def maker():
    return staff_of(Role.OPERATIONS)


@pytest.fixture
def checker():
    return staff_of(Role.COMPLIANCE)


def propose(maker, start, now=NOW, **values) -> Request:
    tried = trial.request_trial(values, effective_from=start, staff=maker, now=now)
    assert trial.run_if_few_members(tried, now)
    return change.propose(
        values, effective_from=start, reason="fewer false alarms", maker=maker, trial=tried.pk, now=now
    )


def approve(request, checker, now=NOW) -> str:
    """Approve; the state of the request afterwards."""
    try:
        requests.approve(request_id=request.pk, checker=checker, opinion="agreed", now=now)
    except requests.BasisChanged:
        assert Policy.objects.filter(request_id=request.pk).count() == 0
    request.refresh_from_db()
    return request.state


def test_a_later_draft_keeps_what_an_approved_one_changes(maker, checker):
    assert approve(propose(maker, SOON, stalled_days=9), checker) == "approved"
    later = propose(maker, SOON + WEEK, idle_days=3)
    assert later.diff == {"idle_days": ["2", "3"]}
    assert approve(later, checker) == "approved"
    newest = policy_at(SOON + WEEK)
    assert (newest.stalled_days, newest.idle_days, newest.base_version) == (9, 3, 2)


def test_the_form_begins_with_what_applies_on_its_day(maker, checker):
    approve(propose(maker, SOON, stalled_days=9), checker)
    client = browser_of(maker)
    begins = form(client)
    assert begins["stalled_days"] == "9"
    assert begins["effective_on"] == "2024-03-14"  # the version starts with a day
    sent = client.post("/policy/", begins | {"idle_days": "3", "preview": "1"})
    page = client.get(sent["Location"])
    assert [str(line[0]) for line in page.context_data["shown_trial"].changes] == [
        "Decline: no login or trade for"
    ]


@pytest.mark.parametrize("first", [0, 1])
def test_of_two_overlapping_drafts_the_second_is_returned_in_either_order(maker, checker, first):
    drafts = [
        propose(maker, SOON, stalled_days=9),
        propose(maker, SOON + WEEK, idle_days=3),
    ]
    assert approve(drafts.pop(first), checker) == "approved"
    assert approve(drafts[0], checker) == "returned"
    assert (drafts[0].checker, drafts[0].opinion) == (checker, "policy_base_changed")
    assert "approved or withdrawn since" in shown(drafts[0], maker, NOW).opinion
    assert approve_again(drafts[0], checker) == "request_closed"


def approve_again(request, checker) -> str:
    with pytest.raises(requests.CannotDecide) as refused:
        requests.approve(request_id=request.pk, checker=checker, opinion="agreed", now=NOW)
    return refused.value.code


def test_of_two_drafts_for_one_day_the_second_builds_on_the_first_or_is_returned(maker, checker):
    before = propose(maker, SOON, idle_days=3)
    assert approve(propose(maker, SOON, stalled_days=9), checker) == "approved"
    assert approve(before, checker) == "returned"
    assert approve(propose(maker, SOON, idle_days=3), checker) == "approved"
    applies = policy_at(SOON)
    assert (applies.version, applies.stalled_days, applies.idle_days) == (3, 9, 3)


@pytest.mark.parametrize("close", ["withdraw", "reject"])
def test_a_draft_that_comes_to_nothing_returns_nobody_elses(maker, checker, close):
    first, second = (
        propose(maker, SOON, stalled_days=9),
        propose(maker, SOON + WEEK, idle_days=3),
    )
    if close == "withdraw":
        requests.withdraw(request_id=first.pk, maker=maker, now=NOW)
    else:
        requests.reject(request_id=first.pk, checker=checker, opinion="not now", now=NOW)
    assert approve(second, checker) == "approved"


def test_the_checker_sees_the_difference_as_it_is_now(maker, checker):
    second = propose(maker, SOON + WEEK, idle_days=3)
    approve(propose(maker, SOON, stalled_days=9), checker)
    lines = {str(name): (before, after) for name, before, after in shown(second, checker, NOW).lines}
    assert lines["Stalled: registered without investing for"] == ("9 days", "2 days")
    assert lines["Based on version"] == ("v1", "v2")
    page = (
        browser_of(checker)
        .post(f"/requests/{second.pk}/decide/", {"choice": "approve", "opinion": "agreed"}, follow=True)
        .content.decode()
    )
    assert "Returned to the requester: Another policy version has been approved or withdrawn since." in page


def test_a_trial_under_a_policy_no_longer_in_force_is_no_basis(maker, checker):
    approve(propose(maker, SOON, stalled_days=9), checker)
    second = propose(maker, SOON + WEEK, NOW + timedelta(days=5), idle_days=3)
    assert approve(second, checker, NOW + timedelta(days=8)) == "returned"
    assert second.opinion == "policy_trial_outdated"


def test_of_two_approvals_at_once_one_is_returned(maker, checker):
    first, second = (
        propose(maker, SOON, stalled_days=9),
        propose(maker, SOON, idle_days=3),
    )
    other, states = staff_of(Role.ADMINISTRATOR), []
    thread = Thread(target=lambda: (states.append(approve(second, other)), connection.close()))
    with transaction.atomic():
        requests.approve(request_id=first.pk, checker=checker, opinion="agreed", now=NOW)
        thread.start()
        until(waits_for_a_lock)
    thread.join(60)
    assert states == [RequestState.RETURNED]
    assert Policy.objects.count() == 2


def test_the_database_refuses_a_version_on_another_base():
    approved_policy(2, effective_from=SOON, base_version=1)
    for start in (SOON + WEEK, NOW):
        with pytest.raises(IntegrityError, match="no longer builds on"):
            approved_policy(3, effective_from=start, base_version=1)
    assert approved_policy(3, effective_from=SOON + WEEK, base_version=2).pk == 3
