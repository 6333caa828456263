"""How long an assessment counts: withdrawal, imports beside it, notices, fields of the catalogue, the tab."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from crm.runtime.models import Change
from crm.staff.models import Role, Team
from crm.staff.permissions import NotAllowed
from members.profiles.models import (
    AssessmentNotice,
    AssessmentWithdrawal,
    Attempt,
    Member,
    QuestionnaireLink,
    RiskAssessment,
    WithdrawalReason,
)
from members.profiles.questionnaires.links import LinkRefused, request_link, token_of
from members.profiles.questionnaires.notices import announce
from members.profiles.questionnaires.withdraw import WithdrawalRefused, withdraw
from members.rules.catalogue.fields import fields
from tests.crm.cast import NOW, browser_of, markup, member, staff_of
from tests.members.profiles.questionnaires.paper import answered, in_force
from tests.members.test_fields import following, read, value

TODAY = date(2026, 3, 16)
pytestmark = pytest.mark.django_db


@pytest.fixture
def version(world):
    return in_force()


def withdrawn(row: Member, at=NOW) -> AssessmentWithdrawal:
    return withdraw(
        member_id=row.pk,
        reason=WithdrawalReason.INCOME,
        words="retired last month",
        by=staff_of(Role.COMPLIANCE),
        now=at,
    )


def assessed(row: Member, day: date, risk_class: str) -> None:
    """As an import of assessments leaves it."""
    RiskAssessment.objects.update_or_create(
        member=row, assessed_on=day, defaults={"risk_class": risk_class, "import_id": 7}
    )
    Member.objects.filter(pk=row.pk).update(risk_class=risk_class, risk_assessed_on=day)


def ends(row: Member) -> tuple[str | None, date | None, date | None]:
    row.refresh_from_db()
    return row.risk_class, row.risk_assessed_on, row.risk_ends_on


def test_a_withdrawal_ends_it_at_once_and_a_new_answer_begins_anew(version):
    row = member()
    answered(row, "C4", version=version)
    withdrawn(row)
    assert ends(row) == ("C4", TODAY, TODAY)
    assert Change.objects.get(kind="questionnaire.withdrawn").payload == {"reason": "income"}
    with pytest.raises(WithdrawalRefused):
        withdrawn(row)
    answered(row, "C2", version=version)
    assert ends(row) == ("C2", TODAY, None)


def test_no_import_revives_what_was_withdrawn(version):
    row = member()
    assessed(row, TODAY - timedelta(days=60), "C3")
    withdrawn(row)
    for day in (TODAY - timedelta(days=60), TODAY - timedelta(days=5), TODAY):
        assessed(row, day, "C5")  # made before the facts changed
        assert ends(row)[2] == TODAY
    assessed(row, TODAY + timedelta(days=1), "C3")
    assert ends(row) == ("C3", TODAY + timedelta(days=1), None)


def test_no_import_raises_what_the_member_answered_that_day(version):
    row = member()
    answered(row, "C2", version=version)
    assessed(row, TODAY, "C5")
    assert ends(row)[0] == "C2"
    stored = RiskAssessment.objects.get(member=row)
    assert (stored.risk_class, stored.import_id, stored.questionnaire_version) == ("C2", None, "risk v1")


def test_nobody_writes_another_end(version):
    row = member()
    answered(row, "C2", version=version)
    withdrawn(row)
    Member.objects.filter(pk=row.pk).update(risk_ends_on=None)
    assert ends(row)[2] == TODAY
    Member.objects.filter(pk=row.pk).update(risk_ends_on=date(2099, 1, 1), risk_class="C5")
    assert ends(row) == ("C2", TODAY, TODAY)


def test_withdrawals_are_kept_from_the_owner_too(version):
    row = member()
    answered(row, version=version)
    withdrawn(row)
    for deed in (
        "DELETE FROM profiles_assessmentwithdrawal",
        "UPDATE profiles_assessmentwithdrawal SET day = '2020-1-1'",
    ):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("SET LOCAL ROLE NONE")
            cursor.execute(deed)


@pytest.mark.parametrize("days, told", [(31, None), (30, 30), (8, 30), (7, 7), (1, 7), (0, None), (-1, None)])
def test_it_is_announced_once_at_30_and_once_at_7_days(version, days, told):
    row = member()
    assessed(row, TODAY + timedelta(days=days - 365), "C3")
    for _ in range(2):
        announce(NOW)
    rows = [change.payload for change in Change.objects.filter(kind="questionnaire.expiring")]
    ends_on = (TODAY + timedelta(days=days)).isoformat()
    assert rows == ([{"days": told, "ends_on": ends_on}] if told else [])
    if told == 30:
        announce(NOW + timedelta(days=days - 7))
        assert sorted(AssessmentNotice.objects.values_list("days", flat=True)) == [7, 30]


def test_a_shorter_validity_is_announced_by_its_own_end(world):
    row = member()
    answered(row, version=in_force(validity_months=1))
    announce(NOW + timedelta(days=1))
    assert AssessmentNotice.objects.get().ends_on == date(2026, 4, 16)


def test_a_third_party_platform_asks_and_announces_nothing(version, settings):
    row = member()
    assessed(row, TODAY - timedelta(days=360), "C3")
    settings.OPERATOR_ROLE = "third_party_platform"
    assert announce(NOW) == 0
    with pytest.raises(LinkRefused, match="not_offered"):
        request_link(member_id=row.pk, by=None, now=NOW)


def test_who_may_not_see_the_member_asks_for_nothing(version):
    row, stranger = member(), staff_of(Role.RELATIONSHIP_MANAGER)
    for deed in (
        lambda: request_link(member_id=row.pk, by=stranger, now=NOW),
        lambda: request_link(member_id=row.pk, by=staff_of(Role.ANALYST), now=NOW),
        lambda: withdraw(
            member_id=row.pk, reason=WithdrawalReason.INCOME, words="retired", by=stranger, now=NOW
        ),
    ):
        with pytest.raises(NotAllowed):
            deed()
    with pytest.raises(LinkRefused, match="not_registered"):
        request_link(member_id=member(registered_at=None).pk, by=None, now=NOW)


def test_state_and_end_are_fields_now_and_as_of_a_day(version):
    row = member()
    assert value("assessment_state", row) == "none"
    answered(row, version=version)
    assert (value("assessment_state", row), value("assessment_ends", row)) == ("valid", date(2027, 3, 16))
    soon = NOW + timedelta(days=365 - 30)
    assert value("assessment_state", row, soon) == "expiring"
    assert value("assessment_state", row, NOW + timedelta(days=365)) == "expired"
    assert following("assessment_state", row).date() == date(2027, 2, 13)  # in UTC: the 14th in Shanghai
    later = NOW + timedelta(days=40)
    withdrawn(row, later)
    assert value("assessment_state", row, later) == "withdrawn"
    assert value("assessment_ends", row, later) == later.date()
    past = str(fields["assessment_state"].past)
    assert read("assessment_state", past, row.pk, later - timedelta(days=1)) == "valid"
    assert read("assessment_state", past, row.pk, later) == "withdrawn"
    assert read("assessment_ends", str(fields["assessment_ends"].past), row.pk, NOW) == date(2027, 3, 16)


@pytest.mark.parametrize("role, own, plain", [
    (Role.COMPLIANCE, False, True), (Role.RELATIONSHIP_MANAGER, True, True), (Role.TEAM_LEAD, False, False),
    (Role.CUSTOMER_SERVICE, False, False), (Role.OPERATIONS, False, False),
    (Role.ADMINISTRATOR, False, False), (Role.ANALYST, False, False),
])  # fmt: skip
def test_answers_are_masked_by_role(version, role, own, plain, django_assert_max_num_queries):
    team = Team.objects.create(name="Home")
    staff, colleague = staff_of(role, team), staff_of(Role.RELATIONSHIP_MANAGER, team)
    row = member(manager=staff if own else colleague)
    answered(row, "C0", version=version)
    with django_assert_max_num_queries(10):
        page = browser_of(staff).get(reverse("member", args=[row.pk]), {"tab": "questionnaires"})
    html = markup(page)
    assert page.status_code == 200
    assert "Risk class C0, assessed" in html
    assert ("I cannot bear any loss" in html) == plain
    assert token_of(QuestionnaireLink.objects.get(member=row)).rpartition(".")[2] not in html
    assert Attempt.objects.get().proof not in html


def test_staff_ask_for_a_link_and_never_see_it(version):
    row, staff = member(), staff_of(Role.CUSTOMER_SERVICE)
    client = browser_of(staff)
    response = client.post(reverse("assessment-request", args=[row.pk]), follow=True)
    link = QuestionnaireLink.objects.get(member=row)
    assert link.requested_by == staff
    assert "A link was requested" in markup(response)
    assert token_of(link) not in response.content.decode()
    assert Change.objects.get(kind="questionnaire.link_requested").payload == {"link": link.id}
    answer = client.post(
        reverse("assessment-withdraw", args=[row.pk]), {"reason": "x", "words": "y"}, follow=True
    )
    assert "Choose what has changed." in markup(answer)
