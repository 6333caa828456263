"""How a version looks to members: some real renderings, masked for whoever looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from campaigns.review.copy.errors import CopyRefused
from campaigns.review.copy.rendering.render import Rendered
from campaigns.review.copy.rendering.samples import renderings
from campaigns.review.copy.rendering.sms import SmsLength, sms_length
from campaigns.review.models import CopyChannel, CopyVersion
from crm.staff.models import Staff

SHOWN = 3  # members


@dataclass(frozen=True)
class Preview:
    """One rendering; `sms` is its length where it is an SMS."""

    rendered: Rendered
    sms: SmsLength | None


def previews(version: CopyVersion, reader: Staff, now: datetime) -> list[Preview]:
    """Up to SHOWN renderings; a text without variables is the same for everybody. May be empty."""
    try:
        found = renderings(version, reader=reader, now=now, most=SHOWN)
    except CopyRefused:
        return []
    is_sms = version.channel == CopyChannel.SMS
    return [Preview(one, sms_length(one.text) if is_sms else None) for one in found]
