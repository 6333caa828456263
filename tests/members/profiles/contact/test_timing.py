"""When a member may be contacted: quiet hours over midnight and in other zones, days off, caps."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from crm.staff.models import Role
from members.profiles.contact import timing
from members.profiles.contact.log import ContactRefused, Sent, log_by_staff, log_sent
from members.profiles.models import (
    Contact,
    ContactChannel,
    ContactPreference,
    Direction,
    Purpose,
)
from tests.crm.cast import NOW, member, staff_of
from tests.members.profiles.contact.contacts import DAY, HOUR, MARKETING, SMS, allowed, local, sent

PHONE = ContactChannel.PHONE
PRODUCT = Purpose.PRODUCT_MARKETING


def quiet_until(at, zone="Asia/Shanghai", start="21:00", end="09:00", worked=None) -> datetime:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT profiles_quiet_until(%s, %s, %s::time, %s::time, %s::date[])",
            [at, zone, start, end, worked],
        )
        return cursor.fetchone()[0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-03-16 20:59:59", "2026-03-16 20:59:59"),
        ("2026-03-16 21:00", "2026-03-17 09:00"),
        ("2026-03-16 23:59", "2026-03-17 09:00"),
        ("2026-03-17 00:00", "2026-03-17 09:00"),
        ("2026-03-17 08:59:59", "2026-03-17 09:00"),
        ("2026-03-17 09:00", "2026-03-17 09:00"),
        ("2026-12-31 22:00", "2027-01-01 09:00"),
    ],
)
def test_quiet_hours_over_midnight(at, until):
    assert quiet_until(local(at)) == local(until)


@pytest.mark.django_db
def test_quiet_hours_are_those_of_where_the_member_lives():
    person, at = member(), local("2026-03-16 15:00")
    assert allowed(person, now=at).at == at
    ContactPreference.objects.create(member=person, time_zone="America/New_York", updated_at=NOW)
    assert allowed(person, now=at).at == local(
        "2026-03-16 09:00", "America/New_York"
    )  # 3 in the morning there
    with pytest.raises(DatabaseError, match="unknown time zone"), transaction.atomic():
        ContactPreference.objects.update(time_zone="Mars/Olympus")


@pytest.mark.django_db
def test_clocks_that_are_put_forward_or_back():
    zone = "America/New_York"
    forward = quiet_until(local("2026-03-08 01:00", zone), zone, "00:00", "02:30")
    assert forward == local("2026-03-08 03:30", zone)  # 02:30 does not exist on that day
    back = quiet_until(local("2026-11-01 00:30", zone), zone, "00:00", "01:30")
    assert back.astimezone(ZoneInfo(zone)).time() == time(1, 30)
    assert back - local("2026-11-01 00:30", zone) in (HOUR, 2 * HOUR)


@pytest.mark.django_db
def test_holidays_are_quiet_and_make_up_workdays_are_not():
    """Spring Festival of 2026: off from 15 to 23 February, worked on Saturday 14 and 28 February."""
    days = timing.parameters(local("2026-02-13 12:00"))["worked_days"]

    def until(text):
        return quiet_until(local(text), worked=days)

    assert until("2026-02-14 10:00") == local("2026-02-14 10:00")  # a Saturday that is worked
    assert until("2026-02-14 21:30") == local("2026-02-24 09:00")
    assert until("2026-02-18 12:00") == local("2026-02-24 09:00")
    assert until("2026-02-28 12:00") == local("2026-02-28 12:00")
    assert until("2026-03-01 12:00") == local("2026-03-02 09:00")  # a Sunday
    assert quiet_until(local("2026-03-01 12:00"), start=None, end=None, worked=days) == local(
        "2026-03-02 00:00"
    )
    assert quiet_until(local("2026-03-01 12:00"), start="00:00", end="08:00", worked=days) == local(
        "2026-03-02 08:00"
    )


class QuietHoursAgainstAnOracle(TestCase):
    """Property: the first minute from an instant on whose local time is not quiet and whose day is worked."""

    @given(
        minute=st.integers(0, 7 * 1440),
        start=st.integers(0, 47),
        length=st.integers(1, 47),
        zone=st.sampled_from(["Asia/Shanghai", "Asia/Kolkata", "Pacific/Auckland"]),
        off=st.sets(st.integers(0, 8)),
        days_off=st.booleans(),
    )
    def test_until(self, minute, start, length, zone, off, days_off):
        begin, end = (time(half // 2, half % 2 * 30) for half in (start, (start + length) % 48))
        at = datetime(2026, 6, 1, tzinfo=UTC) + timedelta(minutes=minute)
        days = [date(2026, 5, 31) + timedelta(days=number) for number in range(20)]
        worked = [day for number, day in enumerate(days) if number not in off] if days_off else None

        def is_quiet(instant):
            here = instant.astimezone(ZoneInfo(zone))
            over = here.time() >= begin or here.time() < end
            within = begin <= here.time() < end
            return (over if begin > end else within) or (worked is not None and here.date() not in worked)

        expected = at
        while is_quiet(expected):
            expected += timedelta(minutes=1)
        assert quiet_until(at, zone, begin, end, worked) == expected


@pytest.mark.django_db
def test_caps_count_across_channels_and_staff():
    person, manager = member(), staff_of(Role.CUSTOMER_SERVICE)
    assert (allowed(person).at, allowed(person).capped_until) == (NOW, NOW)
    sent(person, NOW - 3 * HOUR)
    assert allowed(person, PHONE).at == NOW
    log_by_staff(
        member_id=person.pk, channel=PHONE, kind=PRODUCT, direction=Direction.OUT, at=NOW - 2 * HOUR,
        words="", key="k", staff=manager, now=NOW,
    )  # fmt: skip
    found = allowed(person, ContactChannel.IN_APP)
    assert found.at == found.capped_until == NOW - 3 * HOUR + DAY  # the first of the two leaves the window
    assert allowed(person, purpose=PRODUCT).capped_until == NOW - 2 * HOUR + DAY  # one of a product a day
    assert allowed(person, purpose=Purpose.SERVICE).at == NOW
    assert allowed(member()).at == NOW


@pytest.mark.django_db
def test_what_does_not_count():
    person = member()
    sent(person, NOW - HOUR, NOW - 2 * HOUR, kind=Purpose.SERVICE)
    sent(person, NOW - DAY, first=10)  # left the window at this very instant
    sent(person, NOW + HOUR, first=20)  # the future of what is asked
    Contact.objects.create(
        member=person, key="in", at=NOW - HOUR, channel=SMS, kind=MARKETING, direction="in", recorded_at=NOW
    )
    assert allowed(person).capped_until == NOW


@pytest.mark.django_db
def test_a_cap_that_ends_at_night_waits_for_the_morning():
    person = member()
    sent(person, *(local(f"2026-03-15 {text}") for text in ("20:30", "21:30")))
    found = allowed(person, now=local("2026-03-16 12:00"))
    assert found.at == local("2026-03-16 20:30")
    sent(person, local("2026-03-15 23:00"), first=9)
    found = allowed(person, now=local("2026-03-16 12:00"))
    assert found.capped_until == local("2026-03-16 21:30")
    assert found.at == local("2026-03-17 09:00")


@pytest.mark.django_db
def test_only_urgent_service_goes_out_at_night():
    night = local("2026-03-16 23:00")
    assert allowed(member(), purpose=Purpose.SERVICE, now=night).at == local("2026-03-17 09:00")
    assert allowed(member(), purpose=Purpose.SERVICE, now=night, urgent=True).at == night
    assert allowed(member(), now=night, urgent=True).at == local("2026-03-17 09:00")
    assert allowed(member(), ContactChannel.IN_APP, now=night).at == night


@pytest.mark.django_db
def test_contacts_are_recorded_by_who_may_and_once():
    person, manager = member(), staff_of(Role.CUSTOMER_SERVICE)
    values = {
        "member_id": person.pk, "channel": PHONE, "kind": MARKETING, "direction": Direction.OUT, "words": "x",
        "key": "k", "now": NOW,
    }  # fmt: skip
    assert log_by_staff(**values, at=NOW, staff=manager) == log_by_staff(**values, at=NOW, staff=manager)
    with pytest.raises(ContactRefused):
        log_by_staff(**values, at=NOW + DAY, staff=manager)
    for role in (Role.ANALYST, Role.RELATIONSHIP_MANAGER, Role.OPERATIONS):
        with pytest.raises(PermissionDenied):
            log_by_staff(**values, at=NOW, staff=staff_of(role))


@pytest.mark.django_db(transaction=True)
def test_of_two_who_contact_one_member_at_once_the_cap_lets_one():
    person, told, begun = member(), [], Barrier(2)
    sent(person, NOW - HOUR)  # of two in a day

    def contact(number):
        try:
            begun.wait()
            with transaction.atomic():
                timing.lock([person.pk])
                free = allowed(person).capped_until == NOW
                if free:
                    log_sent([Sent(person.pk, number, SMS, MARKETING, NOW)], now=NOW)
                told.append(free)
        finally:
            connection.close()

    both = [Thread(target=contact, args=(number,)) for number in (7, 8)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(told) == [False, True]
    assert Contact.objects.count() == 2
