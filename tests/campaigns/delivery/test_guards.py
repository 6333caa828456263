"""What the database refuses, whoever asks: the application's role and the owner of the tables."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from campaigns.delivery.models import Message, Outcome, Verdict
from campaigns.review.copy.withdraw import withdraw
from campaigns.review.models import CopyVersion
from members.profiles.models import Suppression
from tests.campaigns.delivery.town import BODY, consent, fund, investor, reader, sent_to, version
from tests.campaigns.review.copy import town as review
from tests.crm.cast import NOW, member

pytestmark = pytest.mark.django_db
OTHER = "b" * 64
ROLES = pytest.mark.parametrize("owner", [False, True], ids=["application", "owner"])


def verdict(who, what: CopyVersion, **given) -> Verdict:
    values = {
        "call": 1, "copy_version": what, "template_hash": what.template_hash, "channel": "sms",
        "selection": "one", "outcome": Outcome.ALLOW, "row": "S2", "reasons": ["education"],
        "decided_at": NOW, "snapshot": {},
    }  # fmt: skip
    return Verdict.objects.create(member=who, **values | given)


def message(who, what: CopyVersion, found: Verdict, **given) -> Message:
    values = {
        "kind": "campaign", "key": "one", "copy_version": what, "template_hash": what.template_hash,
        "channel": "sms", "selection": "one", "rendered_hash": OTHER, "verdict_id": found.id,
        "queued_at": NOW, "not_before": NOW,
    }  # fmt: skip
    return Message.objects.create(member=who, **values | given)


def as_owner(owner: bool) -> None:
    if owner:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE NONE")


def test_a_message_is_created_with_the_verdict_that_allows_it_once():
    who, what = reader(), version()
    found = verdict(who, what)
    message(who, what, found)
    with pytest.raises(DatabaseError), transaction.atomic():
        message(who, what, found, key="two")
    assert Message.objects.count() == 1


@ROLES
def test_no_message_without_a_verdict_of_the_same(owner):
    who, what, another = reader(), version(), version()
    found = verdict(who, what)
    late = NOW + timedelta(minutes=16)
    for given in (
        {"copy_version": another, "template_hash": another.template_hash},
        {"template_hash": OTHER},
        {"channel": "email"},
        {"queued_at": late, "not_before": late},
        {"queued_at": NOW - timedelta(seconds=1)},
        {"state": "sent", "ended_at": NOW, "sent_verdict_id": found.id},
        {"verdict_id": -1},
        {"member": reader()},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            as_owner(owner)
            message(given.pop("member", who), what, found, **given)
    for outcome, after in (("forbid", None), ("defer", NOW + timedelta(hours=1))):
        withheld = verdict(who, what, outcome=outcome, not_before=after)
        with pytest.raises(DatabaseError), transaction.atomic():
            as_owner(owner)
            message(who, what, withheld)
    assert not Message.objects.exists()


@ROLES
def test_a_forged_verdict_does_not_send_what_nobody_approved(owner):
    who, maker = reader(), review.maker()
    draft, gone = review.submitted(maker), version()
    withdraw(gone.pk, staff=maker, reason="not any more", now=NOW)
    for what in (draft, CopyVersion.objects.get(pk=gone.pk)):
        with pytest.raises(DatabaseError), transaction.atomic():
            as_owner(owner)
            message(who, what, verdict(who, what))
    assert not Message.objects.exists()


@ROLES
def test_a_forged_verdict_does_not_reach_who_did_not_consent_or_whom_it_does_not_fit(owner):
    stranger, withdrawn, suppressed = member(mobile="13700000021"), reader(), reader()
    consent(withdrawn, "education", given=False)
    Suppression.objects.create(
        channel="sms", address_hash=suppressed.mobile_index, scope="marketing", reason="opt_out", since=NOW
    )
    product = fund()
    pushed = version(purpose="product_marketing", product=product, body=BODY)
    cases = [(who, version()) for who in (stranger, withdrawn, suppressed)]
    cases += [(reader(), pushed), (investor("C2"), pushed)]
    for who, what in cases:
        with pytest.raises(DatabaseError), transaction.atomic():
            as_owner(owner)
            message(who, what, verdict(who, what))
    assert not Message.objects.exists()
    fitting = investor("C3")
    message(fitting, pushed, verdict(fitting, pushed))


@ROLES
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE delivery_verdict SET outcome = 'allow', not_before = NULL",
        "DELETE FROM delivery_verdict",
        "TRUNCATE delivery_verdict",
        "UPDATE delivery_message SET template_hash = repeat('b', 64)",
        "UPDATE delivery_message SET values = '{}', rendered_hash = repeat('b', 64)",
        "UPDATE delivery_message SET state = 'sent', ended_at = queued_at, sent_verdict_id = -1",
        "UPDATE delivery_message SET state = 'sent', ended_at = queued_at + interval '6 minutes',"
        " sent_verdict_id = verdict_id",
        "DELETE FROM delivery_message",
        "TRUNCATE delivery_message",
        "TRUNCATE delivery_deferral",
    ],
)
def test_nobody_rewrites_what_was_decided_or_queued(statement, owner):
    sent_to(reader(), version())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        as_owner(owner)
        cursor.execute(statement)
    assert Message.objects.get().state == "queued"


def test_approved_copy_edited_in_any_byte_is_not_sent():
    """Even where somebody with every right edits it past the triggers: the database computes the hash."""
    who, what = reader(), version()
    queued = sent_to(who, what)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE; SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE review_copyversion SET body = body || ' ' WHERE id = %s", [what.pk])
        cursor.execute("SET LOCAL session_replication_role = origin; RESET ROLE")
    edited = CopyVersion.objects.select_related("copy").get(pk=what.pk)
    assert edited.template_hash != queued.template_hash
    with pytest.raises(DatabaseError), transaction.atomic():
        Message.objects.filter(pk=queued.pk).update(
            state="sent", ended_at=NOW, sent_verdict_id=queued.verdict_id
        )
    with pytest.raises(DatabaseError), transaction.atomic():
        message(who, edited, verdict(who, edited), key="two")
