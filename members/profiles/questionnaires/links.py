"""Links by which members answer: asked for by staff, handed to the member alone, good for one attempt.

A link is `member.id.signature`; the table keeps the hash of the signature only, and the attempt has to bring
the signature. So neither a reader of the database nor the person who asked for the link can answer with it.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse

from crm.runtime.background import changes
from crm.runtime.clock import day_of
from crm.runtime.errors import CodedError
from crm.staff.models import Staff
from crm.staff.permissions import NotAllowed, require
from members.profiles.models import Member, QuestionnaireLink
from members.profiles.operator_role import Feature, may_offer
from members.profiles.permissions import REQUEST_ASSESSMENT
from members.profiles.questionnaires.limits import next_day
from members.profiles.questionnaires.versions.stored import in_force

GOOD_FOR = timedelta(days=7)
REQUESTED = "questionnaire.link_requested"  # in the change queue, with the id of the link
_signer = Signer(sep=".", salt="members.profiles.questionnaires.links")


class Refusal(StrEnum):
    """Why no link is given; members.profiles.questionnaires.sentences words each."""

    NOT_OFFERED = "questionnaire_not_offered"  # by the operator's role
    NO_VERSION = "questionnaire_no_version"
    NOT_REGISTERED = "questionnaire_not_registered"
    LIMIT_REACHED = "questionnaire_limit_reached"  # day: from which on the member may answer again


class LinkRefused(CodedError):
    """No link was made; `code` is a Refusal."""


class Token(NamedTuple):
    """What a link says: whose it is, its id, and the signature that proves it."""

    member_id: int
    id: str
    proof: str


def request_link(*, member_id: int, by: Staff | None, now: datetime) -> QuestionnaireLink:
    """Make a link for a member whom `by` sees (None: the product asks) and tell the change queue.

    It replaces the member's earlier links. Who sends messages takes it from there; its address is for the
    member alone. Raises NotAllowed, LinkRefused.
    """
    if by is not None:
        require(by, REQUEST_ASSESSMENT)
        if not Member.objects.visible_to(by).filter(pk=member_id).exists():
            raise NotAllowed(f"request_assessment: member {member_id} is not visible")
    if not may_offer(Feature.RISK_QUESTIONNAIRE):
        raise LinkRefused(Refusal.NOT_OFFERED)
    today = day_of(now)
    if in_force(today) is None:
        raise LinkRefused(Refusal.NO_VERSION)
    if not Member.objects.filter(pk=member_id, registered_at__lte=now, erased_at=None).exists():
        raise LinkRefused(Refusal.NOT_REGISTERED)
    allowed_on = next_day(member_id, today)
    if allowed_on > today:
        raise LinkRefused(Refusal.LIMIT_REACHED, day=allowed_on)
    token = _sign(member_id, secrets.token_hex(16))
    with transaction.atomic():
        link = QuestionnaireLink.objects.create(
            member_id=member_id,
            id=token.id,
            number=0,  # given by the database
            created_at=now,
            expires_at=now + GOOD_FOR,
            proof_hash=hashlib.sha256(token.proof.encode()).digest(),
            requested_by=by,
        )
        changes.append(REQUESTED, member_id=member_id, payload={"link": link.id}, at=now)
    return link


def address_of(link: QuestionnaireLink) -> str:
    """The path of the page behind a link. For the message to the member and nobody else."""
    return reverse("questionnaire-answer", args=[token_of(link)])


def token_of(link: QuestionnaireLink) -> str:
    """What the link's address ends with."""
    token = _sign(link.member_id, link.id)
    return f"{token.member_id}.{token.id}.{token.proof}"


def read_token(text: str) -> Token | None:
    """What a link says; None where it was not made here."""
    try:
        member, _dot, link_id = _signer.unsign(text).partition(".")
    except BadSignature:
        return None
    return Token(int(member), link_id, text.rpartition(".")[2])


def _sign(member_id: int, link_id: str) -> Token:
    return Token(member_id, link_id, _signer.signature(f"{member_id}.{link_id}"))
