"""The page behind a link: no defaults, no hints, no staff, both languages, hostile input."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from crm.staff.models import Role
from members.profiles.models import Attempt, Member, RiskAssessment
from members.profiles.questionnaires.links import GOOD_FOR, address_of, request_link, token_of
from tests.crm.cast import NOW, browser_of, markup, member, staff_of
from tests.members.profiles.questionnaires.paper import PHONE, answered, form, in_force

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(world):
    return in_force()


def speaking(language: str) -> Member:
    row = member()
    Member.objects.filter(pk=row.pk).update(language=language)
    return row


@pytest.fixture
def page(version):
    return address_of(request_link(member_id=speaking("zh-CN").pk, by=None, now=NOW))


def test_nothing_is_chosen_beforehand_and_nothing_hints(version, page):
    html = markup(Client().get(page))
    assert html.count("<fieldset") == len(version.questions) == 12
    assert "checked" not in html
    assert "<script" not in html
    assert not re.search(r"score|分值|得分|C[0-5]\b|R[1-5]\b", html.replace("csrf", ""))


def test_a_member_answers_and_sees_result_and_end(version, page):
    client = Client(headers={"user-agent": PHONE}, enforce_csrf_checks=False)
    response = client.post(page, form("C3"), follow=True)
    html = markup(response)
    assert response.status_code == 200
    assert ("C3" in html, "2027-03-16" in html) == (True, True)
    stored = Attempt.objects.get()
    assert (stored.device, stored.language, stored.channel) == (PHONE, "zh", "link")
    again = client.post(page, form("C5"), follow=True)
    assert "C3" in markup(again)
    assert Attempt.objects.count() == 1


def test_open_questions_are_named_and_the_given_answers_kept(version, page):
    given = form("C3")
    del given["q-loss"]
    response = Client().post(f"{page}?lang=en", given)
    html = markup(response)
    assert response.status_code == 422
    assert html.count("Choose an answer.") == 1
    assert 'href="#q-loss"' in html
    assert html.count("checked") == 11
    assert not Attempt.objects.exists()


@pytest.mark.parametrize("field, value", [
    ("q-loss", "z"), ("q-loss", ["a", "b"]), ("q-loss", "<script>alert(1)</script>"),
    ("q-age", "a" * 100_000), ("version", ""), ("version", "0"), ("version", "9" * 50), ("version", "1 OR 1"),
])  # fmt: skip
def test_hostile_input_stores_nothing(version, page, field, value):
    response = Client().post(page, form("C3") | {field: value})
    assert response.status_code in (409, 422)
    assert "<script>alert" not in response.content.decode()
    assert not Attempt.objects.exists()


def test_a_field_that_is_no_question_is_not_looked_at(version, page):
    extra = {"q-more": "a", "score": "100", "risk_class": "C5", "member": "1"}
    assert Client().post(page, form("C1") | extra).status_code == 303
    assert Attempt.objects.get().risk_class == "C1"


@pytest.mark.parametrize("role", Role)
def test_no_role_of_staff_opens_or_answers_it(version, page, role):
    client = browser_of(staff_of(role))
    assert client.get(page).status_code == 403
    response = client.post(page, form("C5"))
    assert response.status_code == 403
    assert not Attempt.objects.exists()


def test_what_cannot_be_answered_says_so(version, page, settings):
    settings.BUSINESS_NOW = (NOW + GOOD_FOR).isoformat()
    assert Client().get(page).status_code == 410
    assert Client().post(page, form("C3")).status_code == 409
    assert Client().get(reverse("questionnaire-answer", args=["1.a.b"])).status_code == 410
    assert Client().put(page).status_code == 405


def test_the_limit_is_said_with_the_next_day(version, settings):
    row = speaking("en")
    answered(row, version=version)
    page = address_of(request_link(member_id=row.pk, by=None, now=NOW))
    for days in range(1, 8):  # meanwhile other systems of the institution assessed the member
        RiskAssessment.objects.create(member=row, assessed_on=date(2025, 4, days), risk_class="C2")
    html = markup(Client().get(page))
    assert "You can answer again from" in html
    assert "1 Apr 2026" in html
    response = Client().post(page, form("C5"))
    assert response.status_code == 409
    assert Attempt.objects.count() == 1


def test_the_page_speaks_the_members_language_or_the_one_chosen(version):
    row = speaking("en")
    page = address_of(request_link(member_id=row.pk, by=None, now=NOW))
    assert "How old are you?" in markup(Client().get(page))
    assert "您的年龄是？" in markup(Client().get(f"{page}?lang=zh"))
    assert "How old are you?" in markup(Client().get(f"{page}?lang=xx"))


def test_a_third_party_platform_offers_none(version, page, settings):
    settings.OPERATOR_ROLE = "third_party_platform"
    assert Client().get(page).status_code == 410
    assert Client().post(page, form("C3")).status_code == 409
    assert not Attempt.objects.exists()


def test_forms_of_other_sites_are_refused(version, page):
    assert Client(enforce_csrf_checks=True).post(page, form("C3")).status_code == 403


def test_the_member_is_named_nowhere(version, page):
    answer = Client().get(page)
    assert Member.objects.get().name not in answer.content.decode()
    assert (
        answer["Referrer-Policy"] == "same-origin"
    )  # with none at all browsers send no origin with the form
    assert "no-store" in answer["Cache-Control"]
    assert token_of(request_link(member_id=Member.objects.get().pk, by=None, now=NOW)) not in str(
        answer.content
    )
