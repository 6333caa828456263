"""Several at once at one quota, on connections of their own."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from django.db import connection

from members.loyalty.benefits.quota import use
from members.loyalty.models import BenefitUse
from tests.crm.cast import NOW, member
from tests.members.loyalty.benefits.town import benefit, family

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls):
    """Run the calls at one moment; what each came to, in any order."""
    ready, outcomes = Barrier(len(calls), timeout=60), []

    def run(call):
        try:
            ready.wait()
            outcomes.append(str(call().key))
        except use.UseRefused as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(outcomes)


def recording(who, what, key):
    return lambda: use.record(member_id=who.pk, benefit_id=what.pk, key=key, source="app", now=NOW)


def test_two_at_once_never_exceed_the_quota():
    who, what = member(), benefit(quotas={"basic": 1})
    assert at_once(*(recording(who, what, f"key {n}") for n in range(2)))[0] == "benefit_used_up"
    assert BenefitUse.objects.count() == 1


def test_nor_do_two_of_one_household():
    wife, husband = member("王一"), member("王二")
    what = benefit(quotas={"basic": 1}, is_shared=True)
    family(wife, husband)
    assert at_once(recording(wife, what, "x"), recording(husband, what, "y"))[0] == "benefit_used_up"
    assert BenefitUse.objects.count() == 1


def test_one_key_at_once_is_one_use():
    who, what = member(), benefit(quotas={"basic": 2})
    assert at_once(recording(who, what, "one"), recording(who, what, "one")) == ["one", "one"]
    assert BenefitUse.objects.count() == 1
