"""What the database refuses, whoever asks: the application's role and the owner of the tables."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from campaigns.delivery.models import Message, Outcome, Verdict
from tests.crm.cast import NOW, member

pytestmark = pytest.mark.django_db
HASH, OTHER = "a" * 64, "b" * 64


def verdict(who, **given) -> Verdict:
    values = {
        "call": 1, "copy_version_id": 7, "template_hash": HASH, "channel": "sms", "outcome": Outcome.ALLOW,
        "row": "M13", "reasons": ["within_class"], "decided_at": NOW, "snapshot": {},
    }  # fmt: skip
    return Verdict.objects.create(member=who, **values | given)


def message(who, found: Verdict, **given) -> Message:
    values = {
        "kind": "campaign", "key": "one", "copy_version_id": 7, "template_hash": HASH, "channel": "sms",
        "rendered_hash": OTHER, "verdict_id": found.id, "queued_at": NOW, "not_before": NOW,
    }  # fmt: skip
    return Message.objects.create(member=who, **values | given)


def test_a_message_is_created_with_the_verdict_that_allows_it_once():
    who = member()
    found = verdict(who)
    message(who, found)
    with pytest.raises(DatabaseError), transaction.atomic():
        message(who, found, key="two")
    assert Message.objects.count() == 1


@pytest.mark.parametrize("owner", [False, True], ids=["application", "owner"])
@pytest.mark.parametrize(
    "given",
    [
        {"copy_version_id": 8},
        {"template_hash": OTHER},
        {"channel": "email"},
        {"queued_at": NOW + timedelta(minutes=16), "not_before": NOW + timedelta(minutes=16)},
        {"queued_at": NOW - timedelta(seconds=1)},
        {"state": "sent"},
        {"verdict_id": 999},
    ],
)
def test_no_message_without_a_verdict_of_the_same(given, owner):
    who = member()
    found = verdict(who)
    with pytest.raises(DatabaseError), transaction.atomic():
        if owner:
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL ROLE NONE")
        message(who, found, **given)
    assert not Message.objects.exists()
