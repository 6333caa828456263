"""A member answers: class, end, limits, links, and what the database refuses whoever asks."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from crm.runtime.models import Change
from members.profiles.models import Attempt, Member, QuestionnaireLink, RiskAssessment
from members.profiles.questionnaires.answer import AnswerRefused, LinkState, answer, open_link
from members.profiles.questionnaires.limits import next_day
from members.profiles.questionnaires.links import GOOD_FOR, LinkRefused, request_link, token_of
from members.profiles.questionnaires.versions.score import AnswersDoNotFit
from members.profiles.questionnaires.versions.stored import definition_of
from tests.crm.cast import NOW, member
from tests.members.profiles.questionnaires.paper import PHONE, answered, answers_for, in_force

TODAY = date(2026, 3, 16)
pytestmark = pytest.mark.django_db


@pytest.fixture
def version(world):
    return in_force()


@pytest.mark.parametrize("risk_class", ["C0", "C1", "C2", "C3", "C4", "C5"])
def test_an_answer_sets_class_and_date_of_the_member(version, risk_class):
    row = member()
    stored = answered(row, risk_class, version=version)
    assert (stored.risk_class, stored.day, stored.ends_on) == (risk_class, TODAY, date(2027, 3, 16))
    row.refresh_from_db()
    assert (row.risk_class, row.risk_assessed_on, row.risk_ends_on) == (risk_class, TODAY, None)
    assessment = RiskAssessment.objects.get(member=row)
    assert (assessment.risk_class, assessment.questionnaire_version) == (risk_class, "risk v1")
    told = Change.objects.get(member_id=row.pk, kind="questionnaire.answered")
    assert told.payload == {"attempt": stored.id, "class": risk_class, "before": None}


def test_a_shorter_validity_ends_the_assessment_earlier(world):
    row = member()
    version = in_force(validity_months=6)
    assert answered(row, version=version).ends_on == date(2026, 9, 16)
    row.refresh_from_db()
    assert row.risk_ends_on == date(2026, 9, 16)


def test_a_link_is_good_once_and_says_what_came_of_it(version):
    row = member()
    text = token_of(request_link(member_id=row.pk, by=None, now=NOW))
    assert open_link(text, NOW).state is LinkState.OPEN
    given = answers_for(definition_of(version), "C2")
    said = {"questionnaire_id": version.pk, "device": PHONE, "language": "zh", "now": NOW}
    first = answer(text, answers=given, **said)
    again = answer(text, answers=answers_for(definition_of(version), "C5"), **said)
    assert again.risk_class == first.risk_class == "C2"
    assert Attempt.objects.count() == 1
    assert open_link(text, NOW).state is LinkState.ANSWERED


def test_a_link_ends_by_time_and_by_the_next_one(version):
    row = member()
    text = token_of(request_link(member_id=row.pk, by=None, now=NOW))
    assert open_link(text, NOW + GOOD_FOR - timedelta(seconds=1)).state is LinkState.OPEN
    assert open_link(text, NOW + GOOD_FOR).state is LinkState.ENDED
    request_link(member_id=row.pk, by=None, now=NOW)
    assert open_link(text, NOW).state is LinkState.ENDED


@pytest.mark.parametrize("text", ["", ".", "1.abc", "1.abc.def", "x" * 5000, "1.\x00.a", "１.a.b", "-1.a.b"])
def test_what_was_not_made_here_opens_nothing(version, text):
    assert open_link(text, NOW).state is LinkState.ENDED


def test_another_members_number_does_not_fit_the_signature(version):
    mine, other = member(), member()
    text = token_of(request_link(member_id=mine.pk, by=None, now=NOW))
    forged = text.replace(f"{mine.pk}.", f"{other.pk}.", 1)
    assert open_link(forged, NOW).state is LinkState.ENDED


@pytest.mark.parametrize("broken", [
    {}, {"age": []}, {"age": ["z"]}, {"age": ["a", "b"]}, {"experience": ["a", "a"]}, {"more": ["a"]},
])  # fmt: skip
def test_open_or_strange_answers_are_named_and_nothing_is_stored(version, broken):
    row = member()
    text = token_of(request_link(member_id=row.pk, by=None, now=NOW))
    given = answers_for(definition_of(version), "C3")
    given = given | broken if broken else {}
    with pytest.raises(AnswersDoNotFit) as refused:
        answer(text, questionnaire_id=version.pk, answers=given, device="", language="", now=NOW)
    assert set(refused.value.questions) == set(broken or answers_for(definition_of(version), "C3"))
    assert not Attempt.objects.exists()


def test_the_day_and_the_year_have_their_limits(version):
    row, at = member(), NOW
    for number in range(8):
        answered(row, version=version, now=at + timedelta(hours=number % 2))
        at += timedelta(days=number % 2)
        if number == 1:
            assert next_day(row.pk, TODAY) == TODAY + timedelta(days=1)
    assert next_day(row.pk, TODAY + timedelta(days=9)) == date(2027, 3, 16)
    with pytest.raises(LinkRefused, match="limit_reached"):
        request_link(member_id=row.pk, by=None, now=NOW + timedelta(days=9))
    later = datetime.fromisoformat("2027-03-16T10:00:00+08:00")
    assert next_day(row.pk, date(2027, 3, 15)) == date(2027, 3, 16)
    assert answered(row, version=version, now=later).number == 9


def test_what_another_system_sent_counts_too(version):
    row = member()
    for month in range(1, 9):
        RiskAssessment.objects.create(member=row, assessed_on=date(2025, month + 4, 1), risk_class="C2")
    with pytest.raises(LinkRefused) as refused:
        request_link(member_id=row.pk, by=None, now=NOW)
    assert refused.value.params == {"day": date(2026, 5, 1)}


def test_a_link_asked_for_before_the_limit_does_not_pass_it(version):
    row = member()
    answered(row, version=version)
    text = token_of(request_link(member_id=row.pk, by=None, now=NOW))
    Member.objects.filter(pk=row.pk).update(region="上海")
    RiskAssessment.objects.filter(member=row).delete()
    answers = answers_for(definition_of(version), "C3")
    answer(text, questionnaire_id=version.pk, answers=answers, device="", language="", now=NOW)
    with pytest.raises(LinkRefused):
        request_link(member_id=row.pk, by=None, now=NOW)


def test_a_version_of_yesterday_is_not_answered_today(version):
    row = member()
    text = token_of(request_link(member_id=row.pk, by=None, now=NOW))
    in_force(validity_months=9)
    with pytest.raises(AnswerRefused, match="version_changed"):
        answer(
            text,
            questionnaire_id=version.pk,
            answers=answers_for(definition_of(version), "C3"),
            device="",
            language="",
            now=NOW,
        )


def attempt_row(row: Member, link: QuestionnaireLink, version, proof: str, **more) -> Attempt:
    """An attempt as somebody would write it past the product."""
    given = {
        "member": row, "id": link.id, "questionnaire": version, "at": NOW, "channel": "link", "proof": proof,
        "answers": answers_for(definition_of(version), "C1"), "number": 7, "day": TODAY, "score": 100,
        "risk_class": "C5", "ends_on": date(2099, 1, 1),
    }  # fmt: skip
    return Attempt(**given | more)


@pytest.mark.parametrize("owner", [False, True], ids=["application", "owner"])
def test_nobody_writes_an_attempt_without_the_members_link(version, owner):
    row, other = member(), member()
    link = request_link(member_id=row.pk, by=None, now=NOW)
    proof = token_of(link).rpartition(".")[2]
    tries = [
        attempt_row(row, link, version, ""),
        attempt_row(row, link, version, proof[:-1]),
        attempt_row(row, link, version, proof, id="mine"),
        attempt_row(other, link, version, proof),
        attempt_row(row, link, version, proof, at=NOW - timedelta(seconds=1)),
        attempt_row(row, link, version, proof, at=NOW + GOOD_FOR),
        attempt_row(row, link, version, proof, channel="staff"),
        attempt_row(row, link, version, proof, answers={}),
        attempt_row(row, link, version, proof, answers={"age": ["a"]}),
        attempt_row(row, link, version, proof, answers=["a"]),
    ]
    for one in tries:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            if owner:
                cursor.execute("SET LOCAL ROLE NONE")
            Attempt.objects.bulk_create([one])
    assert not Attempt.objects.exists()


def test_the_database_computes_whatever_is_claimed(version):
    row = member()
    link = request_link(member_id=row.pk, by=None, now=NOW)
    Attempt.objects.bulk_create([attempt_row(row, link, version, token_of(link).rpartition(".")[2])])
    stored = Attempt.objects.get(member=row)
    assert (stored.number, stored.day, stored.risk_class) == (1, TODAY, "C1")
    assert (stored.ends_on, stored.score < 100) == (date(2027, 3, 16), True)


@pytest.mark.parametrize("table", ["attempt", "questionnairelink", "questionnaire"])
@pytest.mark.parametrize("deed", ["DELETE FROM {}", "UPDATE {} SET number = number"])
def test_nothing_is_changed_later_by_the_owner_either(version, table, deed):
    answered(member(), version=version)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute(deed.format(f"profiles_{table}"))
