"""Versions of the contact policy: approved by a second person, valid, in force from their day on."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from crm.runtime.clock import day_start
from crm.staff.four_eyes import requests
from crm.staff.models import Role
from members.profiles.contact import change_policy
from members.profiles.contact.policy import (
    DEFAULT_CAPS,
    DEFAULT_QUIET,
    PolicyRefused,
    clean_caps,
    clean_quiet,
    policy_on,
)
from members.profiles.models import ContactChannel, ContactPolicy
from tests.crm.cast import NOW, member, staff_of
from tests.members.profiles.contact.contacts import DAY, HOUR, allowed, local, sent

PHONE = ContactChannel.PHONE
UNCAPPED = {kind: {"day": None, "week": None, "month": None} for kind in DEFAULT_CAPS}


@pytest.mark.django_db
def test_a_policy_is_approved_by_a_second_person_and_starts_on_its_day():
    maker, checker = staff_of(Role.OPERATIONS), staff_of(Role.COMPLIANCE)
    day = date(2026, 3, 18)
    quiet = DEFAULT_QUIET | {"phone": {"start": "20:00", "end": "09:30", "working_days": True}}
    asked = change_policy.propose(
        quiet, UNCAPPED, effective_from=day, reason="fewer calls", maker=maker, now=NOW
    )
    with pytest.raises(requests.CannotDecide):
        requests.approve(request_id=asked.pk, checker=maker, opinion="as agreed", now=NOW)
    requests.approve(request_id=asked.pk, checker=checker, opinion="as agreed", now=NOW)
    assert policy_on(day - DAY).version == 0
    assert policy_on(day).quiet["phone"] == {"start": "20:00", "end": "09:30", "working_days": True}
    person = member()
    sent(person, NOW, NOW, NOW)
    assert allowed(person, now=day_start(day) + 10 * HOUR).at == day_start(day) + 10 * HOUR
    sunday = local("2026-03-22 12:00")
    assert allowed(person, PHONE, now=sunday).at == local("2026-03-23 09:30")
    for change in ({"quiet": {}}, {"effective_from": day + DAY}):
        with pytest.raises(DatabaseError), transaction.atomic():
            ContactPolicy.objects.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        ContactPolicy.objects.create(
            version=2, effective_from=day, quiet={}, caps={}, request_id=asked.pk + 1
        )


@pytest.mark.django_db
def test_of_two_proposals_the_second_is_returned():
    maker, checker = staff_of(Role.OPERATIONS), staff_of(Role.COMPLIANCE)
    both = [
        change_policy.propose(
            DEFAULT_QUIET, UNCAPPED | {"all": {"day": most, "week": None, "month": None}},
            effective_from=date(2026, 3, 18), reason="other caps", maker=maker, now=NOW,
        )
        for most in (1, 3)
    ]  # fmt: skip
    requests.approve(request_id=both[0].pk, checker=checker, opinion="as agreed", now=NOW)
    with pytest.raises(requests.BasisChanged):
        requests.approve(request_id=both[1].pk, checker=checker, opinion="as agreed", now=NOW)
    assert ContactPolicy.objects.get().caps["all"]["day"] == 1


@pytest.mark.parametrize(
    "hours",
    [{"start": "21:00"}, {"end": "9"}, {"start": "25:00", "end": "09:00"}, {"start": "x", "end": "y"},
     {"start": "09:00", "end": "09:00"}],
)  # fmt: skip
def test_hours_that_are_none_are_refused_by_channel(hours):
    with pytest.raises(PolicyRefused) as refused:
        clean_quiet(DEFAULT_QUIET | {"sms": hours})
    assert refused.value.params == {"channel": "sms"}


@pytest.mark.parametrize(
    "cap", [{"day": 0}, {"week": 101}, {"day": "2"}, {"day": 3, "week": 2}, {"week": 5, "month": 4}]
)
def test_caps_that_are_none_are_refused_by_kind(cap):
    with pytest.raises(PolicyRefused) as refused:
        clean_caps({"marketing": cap})
    assert refused.value.params["kind"] == "marketing"
