"""Render a message: the version with the values of the message, links made for the recipient alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from campaigns.delivery.models import Kind
from campaigns.review.copy.rendering.render import Rendered, render
from campaigns.review.models import CopyVersion
from members.profiles.models import QuestionnaireLink
from members.profiles.questionnaires.links import address_of

LINK = "link"  # the variable; its stored value is the link's id, from which nobody can open it


def render_message(version: CopyVersion, kind: str, member_id: int, values: Mapping[str, Any]) -> Rendered:
    """The text as it leaves. Raises CopyRefused where a value is missing or not of its type."""
    if kind == Kind.QUESTIONNAIRE_LINK and values.get(LINK):
        link = QuestionnaireLink(member_id=member_id, id=values[LINK])
        values = {**values, LINK: f"{settings.PUBLIC_ADDRESS}{address_of(link)}"}
    return render(version, values)
