"""Which changes are told to members by a service message."""

from __future__ import annotations

from campaigns.delivery.messages.service import Notice
from campaigns.delivery.models import Kind
from crm.runtime.models import Change
from members.profiles.questionnaires.links import REQUESTED
from members.profiles.questionnaires.notices import EXPIRING


def notice_of(row: Change) -> Notice | None:
    """The service message that a change brings; None for one that brings none."""
    if row.member_id is None:
        return None
    if row.kind == EXPIRING:
        days, ends_on = row.payload["days"], row.payload["ends_on"]
        key = f"{Kind.QUESTIONNAIRE_EXPIRING} {ends_on} {days}"
        return Notice(
            row.member_id, Kind.QUESTIONNAIRE_EXPIRING, key, (("days", str(days)), ("ends_on", ends_on))
        )
    if row.kind == REQUESTED:
        link = row.payload["link"]
        return Notice(
            row.member_id, Kind.QUESTIONNAIRE_LINK, f"{Kind.QUESTIONNAIRE_LINK} {link}", (("link", link),)
        )
    return None
