"""Messages from the order to the outbox: once, decided at the last moment, stopped by whatever changes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from campaigns.delivery.messages.decide_again import decide_again
from campaigns.delivery.messages.orders import Order
from campaigns.delivery.messages.queue import Queued, queue
from campaigns.delivery.messages.send import send
from campaigns.delivery.models import Deferral, Message, Verdict
from campaigns.review.copy.withdraw import withdraw
from members.profiles.models import Contact, Member
from tests.campaigns.delivery.town import HELLO, NAME, consent, contacted, reader, sent_to, told, version
from tests.campaigns.review.copy import town as review
from tests.crm.cast import NOW, member

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=1)
NIGHT = NOW.replace(hour=14)  # 22:00 in Shanghai
MORNING = NOW.replace(hour=1) + timedelta(days=1)


def test_an_order_is_queued_once_sent_once_and_logged():
    who, stranger = reader(), member(mobile="13700000003")
    what = version(body=HELLO, variables=NAME)
    order = Order(what, "spring")
    assert queue(order, [who.pk, stranger.pk], NOW) == Queued(1, 0, 1)
    assert queue(order, [who.pk], LATER) == Queued(0, 0, 0)
    assert send(LATER)["sent"] == 1
    assert not send(LATER)
    sent = Message.objects.get()
    assert (sent.state, sent.ended_at, sent.values) == ("sent", LATER, {"name": "王小明"})
    logged = Contact.objects.get()
    assert (logged.member_id, logged.message_id, logged.kind, logged.at) == (
        who.pk,
        sent.id,
        "education",
        LATER,
    )
    assert Verdict.objects.filter(member=who).count() == 2


def test_of_two_messages_at_once_the_second_counts_the_first():
    who = reader()
    contacted(who, NOW - timedelta(hours=1))
    for number in range(2):
        sent_to(who, version(), key=f"number {number}")
    assert send(LATER) == {"sent": 1, "queued": 1}
    waiting = Message.objects.get(state="queued")
    assert waiting.not_before > LATER


@pytest.mark.parametrize("change", ["consent", "copy", "suppressed", "complaint"])
def test_what_changes_after_queueing_keeps_the_message_back(change):
    who, what = reader(), version()
    sent_to(who, what)
    if change == "consent":
        consent(who, "education", given=False, at=NOW)
    elif change == "copy":
        withdraw(what.pk, staff=review.maker(), reason="not any more", now=NOW)
    elif change == "suppressed":
        who.mobile = who.mobile_index = None
        Member.objects.filter(pk=who.pk).update(mobile=None, mobile_index=None)
    else:
        who.complaint_set.create(id="c1", received_at=NOW)
    assert send(LATER) == {"cancelled": 1}
    assert Message.objects.get().reason
    assert not Contact.objects.exists()


def test_deferred_messages_are_decided_again_at_the_instant_named():
    who, what = reader(), version()
    assert queue(Order(what, "night"), [who.pk], NIGHT) == Queued(0, 1, 0)
    assert not decide_again(MORNING - timedelta(seconds=1))
    assert not Message.objects.exists()
    assert decide_again(MORNING) == {"queued": 1}
    assert send(MORNING) == {"sent": 1}
    row = Deferral.objects.get()
    assert (row.result, row.ended_at) == ("queued", MORNING)


def test_a_deferral_that_is_no_longer_allowed_or_too_late_ends():
    stopped, late, what = reader(), reader(), version()
    queue(Order(what, "night"), [stopped.pk, late.pk], NIGHT)
    consent(stopped, "education", given=False, at=NIGHT)
    Deferral.objects.filter(member=stopped).first()
    assert decide_again(MORNING) == {"forbidden": 1, "queued": 1}
    queue(Order(what, "other night"), [late.pk], NIGHT + timedelta(days=1))
    assert decide_again(NIGHT + timedelta(days=9)) == {"too_late": 1}


def test_what_changes_cancels_what_is_pending():
    who, other, what, withdrawn = reader(), reader(), version(), version()
    sent_to(who, what)
    sent_to(other, withdrawn)
    queue(Order(what, "night"), [who.pk], NIGHT)
    consent(who, "marketing", given=False, at=NIGHT)  # another purpose stops nothing
    assert told(NIGHT).cancelled == 0
    consent(who, "education", given=False, at=NIGHT)
    withdraw(withdrawn.pk, staff=review.maker(), reason="not any more", now=NIGHT)
    assert told(NIGHT).cancelled == 3
    assert {one.reason for one in Message.objects.all()} == {"consent_withdrawn", "copy_withdrawn"}
    assert Deferral.objects.get().result == "cancelled"
