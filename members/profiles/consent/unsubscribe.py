"""The link in messages by which a member unsubscribes from a channel, without signing in and in one click.

A link is `member.channel.signature` and does not expire: whoever got the message may stop it at any time.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import uuid4

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from crm.web.ids import parse_id
from members.profiles.consent.record import Withdrawal, store_withdrawals
from members.profiles.models import CONSENT_PURPOSES, ConsentSource, ContactChannel, Member

LINK = "link "  # begins the key of what a link withdrew
_signer = Signer(sep=".", salt="members.profiles.consent.unsubscribe")


class BadLink(ValueError):
    """No link of ours."""


class Subscription(NamedTuple):
    """What a link is about."""

    member_id: int
    channel: ContactChannel


def unsubscribe_address(member_id: int, channel: ContactChannel) -> str:
    """The address that goes into a message; a path of this site."""
    return reverse("unsubscribe", args=[_signer.sign(f"{member_id}.{channel.value}")])


def read_link(token: str) -> Subscription:
    """What a link is about. Raises BadLink."""
    try:
        member_id, _dot, channel = _signer.unsign(token).partition(".")
        return Subscription(parse_id(member_id), ContactChannel(channel))
    except (BadSignature, ValueError) as error:
        raise BadLink(token) from error


def unsubscribe(token: str, *, now: datetime) -> Subscription:
    """Withdraw everything that the member agreed to on the channel of the link, at once. Raises BadLink."""
    link = read_link(token)
    if Member.objects.filter(pk=link.member_id, erased_at=None).exists():
        said = Withdrawal(ConsentSource.LINK, f"{LINK}{uuid4().hex}")
        store_withdrawals([link.member_id], CONSENT_PURPOSES, [link.channel], said, now=now)
    return link
