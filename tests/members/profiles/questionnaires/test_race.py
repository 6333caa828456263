"""Several links and several submissions at once, on connections of their own."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from members.profiles.models import Attempt, Member
from members.profiles.questionnaires.answer import AnswerRefused, answer
from members.profiles.questionnaires.links import LinkRefused, request_link, token_of
from members.profiles.questionnaires.versions.stored import definition_of
from tests.crm.cast import NOW, member
from tests.members.profiles.questionnaires.paper import answered, answers_for, in_force

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls):
    """Run the calls at one moment; what each came to, in any order."""
    ready, outcomes = Barrier(len(calls), timeout=60), []

    def run(call):
        try:
            ready.wait()
            outcomes.append(str(call()))
        except (AnswerRefused, LinkRefused) as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(outcomes)


def submitting(text: str, version, risk_class: str, now=NOW):
    given = answers_for(definition_of(version), risk_class)
    return lambda: (
        answer(text, questionnaire_id=version.pk, answers=given, device="", language="zh", now=now).risk_class
    )


def test_one_link_submitted_at_once_is_one_attempt_and_members_do_not_wait_for_each_other(settings):
    settings.BUSINESS_NOW = NOW.isoformat()
    version, row, other = in_force(), member(), member("李四")
    text = token_of(request_link(member_id=row.pk, by=None, now=NOW))
    calls = [submitting(text, version, risk_class) for risk_class in ("C1", "C5", "C3")]
    theirs = token_of(request_link(member_id=other.pk, by=None, now=NOW))
    found = at_once(*calls, submitting(theirs, version, "C4"))
    stored = Attempt.objects.get(member=row)
    assert found == sorted([stored.risk_class] * 3 + ["C4"])
    assert Member.objects.get(pk=row.pk).risk_class == stored.risk_class


def test_the_last_attempt_of_a_day_and_a_link_for_another_one_do_not_both_count(settings):
    """Whichever comes first: the answer leaves no attempt for a link, or the link voids the one answered."""
    settings.BUSINESS_NOW = NOW.isoformat()
    version, row = in_force(), member()
    answered(row, version=version)
    first, later = token_of(request_link(member_id=row.pk, by=None, now=NOW)), NOW + timedelta(minutes=1)
    answering = submitting(first, version, "C2", later)
    found = at_once(
        answering, answering, lambda: request_link(member_id=row.pk, by=None, now=later) and "asked"
    )
    made = Attempt.objects.filter(member=row).count()
    assert made <= 2
    assert found in (
        ["C2", "C2", "asked"],
        ["C2", "C2", "questionnaire_limit_reached"],
        ["asked", "questionnaire_link_ended", "questionnaire_link_ended"],
    )
    assert (made == 2) == ("C2" in found)
