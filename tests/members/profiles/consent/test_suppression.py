"""The suppression list: by hash, by keyword, lifted by two people, never emptied."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from crm.runtime.models import Change
from crm.staff.four_eyes import requests
from crm.staff.models import Role
from members.profiles.consent import lift
from members.profiles.consent.addresses import hash_address
from members.profiles.consent.opt_out import is_opt_out, receive_reply, stop
from members.profiles.consent.state import suppressed_channels, suppressed_sql
from members.profiles.models import (
    Consent,
    ContactChannel,
    Purpose,
    Suppression,
    SuppressionReason,
    SuppressionScope,
)
from tests.crm.cast import NOW, staff_of
from tests.members.profiles.people import member_with

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MOBILE, MAIL = "13800138000", "wang@example.com"


def held_back(person, channel, purpose=Purpose.MARKETING, now=NOW) -> bool:
    with connection.cursor() as cursor:
        condition = suppressed_sql(channel, purpose)
        cursor.execute(
            f"SELECT {condition} FROM profiles_member AS m WHERE m.id = %(member)s",
            {"now": now, "member": person.pk},
        )
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    "text",
    [
        "T",
        "t",
        "ＴＤ",
        "n",
        "退订",
        " 退订 ",
        "取消",
        "stop",
        "Ｓｔｏｐ",
        "UNSUBSCRIBE",
        "退訂！",
        "【退订】",
        "回复TD",
    ],
)
def test_opt_out_keywords_in_any_case_and_width(text):
    assert is_opt_out(text)


@pytest.mark.parametrize("text", ["", "不", "Thanks", "怎么退订", "取消交易", "stop loss", "TT", "no"])
def test_what_is_no_opt_out(text):
    assert not is_opt_out(text)


def test_a_reply_stops_all_but_service_on_its_channel_for_everybody_with_the_number():
    both = [member_with(mobile=MOBILE, email=MAIL), member_with(mobile=MOBILE)]
    other = member_with(mobile="13900139000")
    assert not receive_reply(channel=ContactChannel.SMS, address=MOBILE, text="好的", now=NOW)
    assert receive_reply(channel=ContactChannel.SMS, address="+86 138-0013-8000", text="ｔｄ", now=NOW)
    for person in both:
        assert held_back(person, ContactChannel.SMS)
        assert not held_back(person, ContactChannel.SMS, Purpose.SERVICE)
        assert not held_back(person, ContactChannel.PHONE)
        assert not held_back(person, ContactChannel.SMS, now=NOW - DAY)
        assert suppressed_channels(person.pk, NOW) == {"sms": "marketing"}
    assert not held_back(other, ContactChannel.SMS)
    rows = Consent.objects.filter(member=both[1])
    assert {(row.channel, row.given, row.evidence) for row in rows} == {("sms", False, "ｔｄ")}
    assert set(Change.objects.filter(kind="contact.suppressed").values_list("member_id", flat=True)) == {
        person.pk for person in both
    }


def test_channels_without_an_address_go_by_those_of_the_person():
    by_mail, by_mobile = member_with(email=MAIL), member_with(mobile=MOBILE)
    for address in (MAIL, MOBILE):
        stop(
            channel=ContactChannel.WECOM,
            address_hash=hash_address(ContactChannel.WECOM, address),
            scope=SuppressionScope.ALL,
            reason=SuppressionReason.WRONG_PERSON,
            now=NOW,
        )
    for person in (by_mail, by_mobile):
        assert held_back(person, ContactChannel.WECOM, Purpose.SERVICE)
        assert not held_back(person, ContactChannel.PUSH)


def test_an_entry_is_lifted_by_two_people_and_kept():
    person = member_with(mobile=MOBILE)
    receive_reply(channel=ContactChannel.SMS, address=MOBILE, text="T", now=NOW)
    entry = Suppression.objects.get()
    maker, checker = staff_of(Role.CUSTOMER_SERVICE), staff_of(Role.COMPLIANCE)
    asked = lift.propose(entry.pk, reason="sent by mistake", maker=maker, now=NOW)
    with pytest.raises(requests.NotAllowed):
        requests.approve(request_id=asked.pk, checker=maker, opinion="as agreed", now=NOW)
    assert held_back(person, ContactChannel.SMS)
    requests.approve(request_id=asked.pk, checker=checker, opinion="recording heard", now=NOW + DAY)
    assert not held_back(person, ContactChannel.SMS, now=NOW + DAY)
    assert held_back(person, ContactChannel.SMS, now=NOW)
    assert Suppression.objects.get().lift_request == asked.pk
    with pytest.raises(lift.LiftRefused):
        lift.propose(entry.pk, reason="once more", maker=maker, now=NOW)
    receive_reply(channel=ContactChannel.SMS, address=MOBILE, text="T", now=NOW + 2 * DAY)
    assert held_back(person, ContactChannel.SMS, now=NOW + 2 * DAY)


def test_the_database_lifts_nothing_without_an_approved_request():
    receive_reply(channel=ContactChannel.SMS, address=MOBILE, text="T", now=NOW)
    entry = Suppression.objects.get()
    maker = staff_of(Role.CUSTOMER_SERVICE)
    pending = lift.propose(entry.pk, reason="sent by mistake", maker=maker, now=NOW)
    for statement in (
        f"UPDATE profiles_suppression SET lifted_at = now(), lift_request = {pending.pk}",
        "UPDATE profiles_suppression SET address_hash = '\\x00'",
        "UPDATE profiles_suppression SET scope = 'marketing', since = now()",
        "DELETE FROM profiles_suppression",
        "TRUNCATE profiles_suppression",
    ):
        for role in ("NONE", "perennial_app"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL ROLE {role}")
                cursor.execute(statement)
