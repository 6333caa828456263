"""Consents and caps of many members at once are those of each one."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.db import connection

from members.profiles.consent.of_many import latest_of_many_sql
from members.profiles.consent.state import latest_sql
from members.profiles.contact.of_many import capped_of_many_sql
from members.profiles.contact.policy import policy_on
from members.profiles.contact.timing import capped_until_sql
from members.profiles.models import Consent, Contact, ContactChannel, Purpose
from tests.crm.cast import NOW, member

pytestmark = pytest.mark.django_db


def test_of_many_as_of_each():
    chosen, people = random.Random(7), [member() for _ in range(8)]
    rows = [
        (who, number, NOW - timedelta(hours=chosen.randrange(-5, 90)))
        for who in people
        for number in range(9)
    ]
    Contact.objects.bulk_create(
        Contact(
            member=who, key=str(number), at=at, channel="sms", direction=chosen.choice(["in", "out", "out"]),
            kind=chosen.choice(["service", "education", "product_marketing"]),
            recorded_at=NOW + timedelta(days=9),
        )
        for who, number, at in rows
    )  # fmt: skip
    Consent.objects.bulk_create(
        Consent(
            member=who, key=str(number), purpose="education", channel="sms", given=number % 2 == 0,
            source="app", text_version="1", evidence="ticked", at=at, recorded_at=NOW + timedelta(days=9),
        )
        for who, number, at in rows[: len(rows) // 2]
    )  # fmt: skip
    policy, purpose = policy_on(NOW.date()), Purpose.EDUCATION
    given = {"now": NOW, "members": [who.pk for who in people]}
    with connection.cursor() as cursor:
        many = capped_of_many_sql(policy, purpose, members="%(members)s::bigint[]")
        each = capped_until_sql(policy, purpose, member="m.id")
        cursor.execute(
            f"SELECT m.id, {each}, coalesce(x.until, %(now)s) FROM profiles_member AS m"
            f" LEFT JOIN ({many}) AS x ON x.member_id = m.id",
            given,
        )
        rows = cursor.fetchall()
        assert all(one == other for _id, one, other in rows)
        assert len({one for _id, one, _other in rows}) > 2
        many = latest_of_many_sql(purpose, ContactChannel.SMS, members="%(members)s::bigint[]")
        each = latest_sql(purpose, ContactChannel.SMS, member="m.id", column="id")
        cursor.execute(
            f"SELECT ({each}), x.id FROM profiles_member AS m LEFT JOIN ({many}) AS x ON x.member_id = m.id",
            given,
        )
        assert all(one == other for one, other in cursor.fetchall())
