"""Render a message: the version with the values of the message, links made for the recipient alone.

A link is stored as what it is made of, from which nobody can open it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from campaigns.delivery.gate.values import UNSUBSCRIBE
from campaigns.delivery.models import Kind
from campaigns.review.copy.rendering.render import Rendered, render
from campaigns.review.models import CopyVersion
from members.profiles.consent.unsubscribe import unsubscribe_address
from members.profiles.models import ContactChannel, QuestionnaireLink
from members.profiles.questionnaires.links import address_of

LINK = "link"  # the variable of a link to the questionnaire; its stored value is the link's id


def render_message(version: CopyVersion, kind: str, member_id: int, values: Mapping[str, Any]) -> Rendered:
    """The text as it leaves. Raises CopyRefused where a value is missing or not of its type."""
    made = dict(values)
    if kind == Kind.QUESTIONNAIRE_LINK and values.get(LINK):
        made[LINK] = _public(address_of(QuestionnaireLink(member_id=member_id, id=values[LINK])))
    if UNSUBSCRIBE in values:
        made[UNSUBSCRIBE] = _public(unsubscribe_address(member_id, ContactChannel(version.channel)))
    return render(version, made)


def _public(path: str) -> str:
    return f"{settings.PUBLIC_ADDRESS}{path}"
