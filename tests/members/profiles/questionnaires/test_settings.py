"""Versions: proposed on a page, approved by a second person, each exactly what was asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse

from crm.staff.four_eyes import requests
from crm.staff.models import Request, Role
from members.profiles.models import Questionnaire
from members.profiles.questionnaires.versions import change
from members.profiles.questionnaires.versions.ready_made import ready_made
from members.profiles.questionnaires.versions.stored import in_force as version_of
from tests.crm.cast import NOW, approved_request, browser_of, markup, staff_of
from tests.members.profiles.questionnaires.paper import in_force, proposal_form

pytestmark = pytest.mark.django_db
PAGE, CHANGE = reverse("questionnaires"), reverse("questionnaire-change")


@pytest.fixture
def compliance(world):
    return browser_of(staff_of(Role.COMPLIANCE))


def test_a_first_version_is_proposed_approved_and_shown(compliance):
    assert "No version yet" in markup(compliance.get(PAGE))
    assert "How old are you?" in compliance.get(CHANGE).content.decode()
    assert compliance.post(CHANGE, proposal_form()).status_code == 302
    asked = Request.objects.get(kind=change.KIND)
    told = [str(label) for label, _before, _after in requests.kind_of(change.KIND).describe(asked)]
    assert told[:4] == ["Questionnaire name", "English name", "Validity (months)", "Lowest score of C1"]
    assert told[8] == "Question “age”"
    with pytest.raises(requests.CannotDecide):
        requests.approve(request_id=asked.pk, checker=asked.maker, opinion="reviewed", now=NOW)
    requests.approve(request_id=asked.pk, checker=staff_of(Role.OPERATIONS), opinion="reviewed", now=NOW)
    version = Questionnaire.objects.get()
    assert (version.number, version.validity_months, len(version.questions)) == (1, 10, 12)
    html = markup(compliance.get(PAGE))
    assert "In force" in html
    assert "I cannot bear any loss" in html


def test_a_proposal_says_what_changes_and_what_is_wrong(compliance):
    in_force()
    assert "already says" in markup(compliance.post(CHANGE, proposal_form(validity_months="12")))
    wrong = {"q.0.en": "", "q.1.o.0.score": "many", "band_C2": "90", "effective_from": "2026-03-15"}
    response = compliance.post(CHANGE, proposal_form(**wrong))
    assert (response.status_code, "cannot be in the past" in markup(response)) == (422, True)
    response = compliance.post(CHANGE, proposal_form(**wrong | {"effective_from": "2026-03-16"}))
    html = markup(response)
    assert response.status_code == 422
    for words in ("This is not a questionnaire.", 'value="many"'):
        assert words in html
    response = compliance.post(CHANGE, proposal_form(**{"q.0.en": "", "band_C2": "90"}))
    assert "Question 1: Enter the text in both languages." in markup(response)
    response = compliance.post(CHANGE, proposal_form(band_C2="90"))
    assert "have to rise from C1 to C5" in markup(response)
    assert Request.objects.filter(kind=change.KIND).count() == 1


@pytest.mark.parametrize("do, questions, options", [
    ("add", 13, 3), ("drop:11", 11, None), ("up:11", 12, None), ("option:11", 12, 5), ("cut:11.0", 12, 3),
    ("stay", 12, 4), ("", 12, 4), ("drop:99", 12, 4), ("drop:-1", 12, 4), ("cut:0.x", 12, 4), ("no", 12, 4),
])  # fmt: skip
def test_questions_grow_and_shrink_without_script(compliance, do, questions, options):
    response = compliance.post(CHANGE, proposal_form(do=do))
    html = response.content.decode()
    assert response.status_code == 200
    assert html.count('value="drop:') == questions
    if options:
        assert html.count(f'value="cut:{questions - 1}.') == options
    assert not Request.objects.exists()


def test_a_later_version_waits_for_its_day(world):
    in_force()
    later = NOW.date() + timedelta(days=5)
    second = in_force(effective_from=later, validity_months=6)
    assert version_of(later - timedelta(days=1)).number == 1
    assert version_of(later) == second
    with pytest.raises(change.ChangeRefused, match="too_early"):
        change.draft(values=ready_made(), effective_from=NOW.date(), now=NOW)


def test_of_two_proposals_the_second_is_returned(world):
    first, second = (
        change.propose(
            change.draft(
                values=ready_made() | {"validity_months": months}, effective_from=NOW.date(), now=NOW
            ),
            reason="yearly review",
            maker=staff_of(Role.COMPLIANCE),
            now=NOW,
        )
        for months in (12, 6)
    )
    checker = staff_of(Role.ADMINISTRATOR)
    requests.approve(request_id=first.pk, checker=checker, opinion="reviewed", now=NOW)
    with pytest.raises(requests.BasisChanged):
        requests.approve(request_id=second.pk, checker=checker, opinion="reviewed", now=NOW)
    assert Questionnaire.objects.get().validity_months == 12


def test_validity_cannot_be_lengthened(world, compliance):
    with pytest.raises(change.ChangeRefused, match="validity"):
        change.draft(values=ready_made() | {"validity_months": 13}, effective_from=NOW.date(), now=NOW)
    assert compliance.post(CHANGE, proposal_form(validity_months="13")).status_code == 422


@pytest.mark.parametrize("owner", [False, True], ids=["application", "owner"])
def test_the_database_takes_what_was_approved_and_nothing_else(world, owner):
    """Neither without a request, nor another text under an approved one, nor under one of another kind."""
    asked = change.propose(
        change.draft(values=ready_made(), effective_from=NOW.date(), now=NOW),
        reason="yearly review", maker=staff_of(Role.COMPLIANCE), now=NOW,
    )  # fmt: skip
    values = {name: ready_made()[name] for name in change.FIELDS}
    row = {"code": "risk", "number": 1, "effective_from": NOW.date(), **values}
    other = approved_request("lifecycle.policy")
    easier = values["bands"] | {"C5": 27}
    for more in ({"request_id": asked.pk}, {"request_id": 0}, {"request_id": other.pk}):
        with pytest.raises(IntegrityError), transaction.atomic():
            _insert(owner, **row | more)
    Request.objects.filter(pk=asked.pk).update(
        state="approved", checker=staff_of(Role.OPERATIONS), decided_at=NOW
    )
    for more in (
        {"bands": easier}, {"number": 2}, {"validity_months": 11}, {"code": "other"},
        {"effective_from": NOW.date() - timedelta(days=1)},
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            _insert(owner, **row | {"request_id": asked.pk} | more)
    _insert(owner, **row, request_id=asked.pk)
    assert Questionnaire.objects.count() == 1


def _insert(owner: bool, **row: object) -> None:
    with connection.cursor() as cursor:
        if owner:
            cursor.execute("SET LOCAL ROLE NONE")
        Questionnaire.objects.create(**row)
        if owner:
            cursor.execute("RESET ROLE")
