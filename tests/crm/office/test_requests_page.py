"""Requests of every kind: waiting for me, made by me, decided; and the decision with its opinion."""

from datetime import timedelta

import pytest

from crm.runtime.extension.registry import Registry
from crm.staff.four_eyes import requests
from crm.staff.models import Request, Role, Team
from members.lifecycle.permissions import CHANGE_POLICY
from tests.crm.cast import NOW, browser_of, staff_of


@pytest.fixture(autouse=True)
def _kind(monkeypatch):
    def apply(request, now):
        Team.objects.create(name=request.proposal["name"])

    monkeypatch.setattr(requests, "_kinds", Registry("request kind"))
    requests.register("found_team", apply, label="Team", makers=CHANGE_POLICY)


@pytest.fixture
def maker():
    return staff_of(Role.OPERATIONS)


@pytest.fixture
def checker():
    return staff_of(Role.COMPLIANCE)


def _propose(maker, name="North", **more):
    given = {"now": NOW, "ttl": timedelta(days=1)} | more
    return requests.propose(
        kind="found_team", proposal={"name": name}, diff={"name": ["", name]}, summary=name,
        reason="a new branch", maker=maker, **given,
    )  # fmt: skip


def _shown(who, tab="waiting"):
    return [one.request.pk for one in browser_of(who).get(f"/requests/?tab={tab}").context_data["page"].rows]


def _decide(who, request, choice, opinion=""):
    return browser_of(who).post(f"/requests/{request.pk}/decide/", {"choice": choice, "opinion": opinion})


def test_a_request_waits_for_others_and_is_mine_to_the_maker(maker, checker):
    row = _propose(maker)
    lead = staff_of(Role.TEAM_LEAD)
    assert (_shown(checker), _shown(maker), _shown(lead)) == ([row.pk], [], [])
    assert (_shown(maker, "mine"), _shown(checker, "mine")) == ([row.pk], [])
    assert browser_of(checker).get("/requests/?tab=all").status_code == 400
    assert _decide(lead, row, "approve").status_code == 404


def test_approved_is_done_and_stands_among_the_decided(maker, checker):
    row = _propose(maker)
    assert _decide(checker, row, "approve", "looked at it").status_code == 302
    assert Team.objects.get().name == "North"
    for who in (maker, checker):
        assert _shown(who, "decided") == [row.pk]
    text = browser_of(maker).get("/requests/?tab=decided").content.decode()
    assert "looked at it" in text
    assert str(checker) in text


def test_to_reject_an_opinion_is_needed_and_missing_it_is_said_beside_the_field(maker, checker):
    row = _propose(maker)
    answer = _decide(checker, row, "reject", " ")
    assert answer.status_code == 422
    assert f'id="opinion-{row.pk}-error"' in answer.content.decode()
    assert _decide(checker, row, "reject", "not this year").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.opinion) == ("rejected", "not this year")
    assert not Team.objects.exists()


def test_the_maker_is_told_plainly_and_may_only_withdraw(maker):
    row = _propose(maker)
    text = browser_of(maker).get("/requests/?tab=mine").content.decode()
    assert "Someone else must review it" in text
    assert 'value="approve"' not in text
    assert _decide(maker, row, "approve").status_code == 422
    assert _decide(maker, row, "withdraw").status_code == 302
    assert _decide(maker, row, "withdraw").status_code == 422
    row.refresh_from_db()
    assert row.state == "withdrawn"


def test_what_has_run_out_waits_for_nobody(maker, checker):
    row = _propose(maker, now=NOW - timedelta(days=2))
    assert _shown(checker) == []
    assert _decide(checker, row, "approve").status_code == 422
    assert "Expired" in browser_of(maker).get("/requests/?tab=mine").content.decode()
    assert not Team.objects.exists()


def test_a_wrong_choice_and_a_foreign_way_back_lead_nowhere(maker, checker):
    row = _propose(maker)
    assert _decide(checker, row, "maybe").status_code == 400
    client = browser_of(checker)
    fields = {"choice": "approve", "next": "https://evil.example/"}
    assert client.post(f"/requests/{row.pk}/decide/", fields)["Location"] == "/requests/"
    assert client.post("/requests/999999/decide/", fields).status_code == 404


def test_many_requests_cost_as_many_queries_as_few(maker, checker, django_assert_max_num_queries):
    for number in range(25):
        _propose(maker, f"T{number}", now=NOW - timedelta(minutes=number))
    client = browser_of(checker)
    with django_assert_max_num_queries(5):
        page = client.get("/requests/").context_data["page"]
    following = client.get("/requests/", {"after": page.next}).context_data["page"]
    assert len(page.rows) + len(following.rows) == 25


def test_a_kind_that_no_room_knows_any_more_is_only_read(maker, monkeypatch):
    row = _propose(maker)
    monkeypatch.setattr(requests, "_kinds", Registry("request kind"))
    page = browser_of(maker).get("/requests/?tab=mine")
    assert page.context_data["page"].rows[0].lines == ()
    assert Request.objects.get(pk=row.pk).state == "pending"
