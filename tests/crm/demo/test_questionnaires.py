"""The demonstration's questionnaires: answers that come to known classes, withdrawals, a limit reached."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from crm.demo.questionnaires import build
from crm.staff.models import Request, Role
from members.profiles.models import (
    AssessmentWithdrawal,
    Attempt,
    Member,
    Questionnaire,
    RiskAssessment,
)
from members.profiles.questionnaires.limits import next_day
from tests.crm.cast import member, staff_of

TODAY = date(2026, 3, 16)
NOW = datetime.fromisoformat("2026-03-16T10:00:00+08:00")


@pytest.mark.django_db
def test_members_answer_as_their_class_says(settings):
    settings.BUSINESS_NOW = NOW.isoformat()
    for number in range(48):
        row = member(registered_at=NOW - timedelta(days=900))
        day, risk_class = TODAY - timedelta(days=10 + 7 * number), f"C{number % 6}"
        RiskAssessment.objects.create(member=row, assessed_on=day, risk_class=risk_class)
        Member.objects.filter(pk=row.pk).update(risk_class=risk_class, risk_assessed_on=day)
    before = dict(Member.objects.values_list("pk", "risk_class"))
    staff = [staff_of(role) for role in (Role.COMPLIANCE, Role.OPERATIONS, Role.CUSTOMER_SERVICE)]
    found = build.build_questionnaires(staff, seed="test", today=TODAY, now=NOW)
    firsts = Attempt.objects.filter(number=1)
    assert firsts.count() == 48
    assert {row.risk_class == before[row.member_id] for row in firsts} == {True}
    assert set(firsts.values_list("questionnaire__number", flat=True)) == {1, 2}
    assert (Questionnaire.objects.count(), Request.objects.filter(state="pending").count()) == (2, 1)
    assert AssessmentWithdrawal.objects.count() == build.WITHDRAWN
    repeated = Attempt.objects.filter(number=8).values_list("member_id", flat=True)
    assert len(repeated) == build.REPEATING
    assert all(next_day(member_id, TODAY) > TODAY for member_id in repeated)
    assert found["attempts"] == Attempt.objects.count()
