"""How badges and quests stand, in a few words."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import ngettext

from crm.web import formats
from members.loyalty.models import IncentiveVersion


def active_count(now: datetime) -> str:
    """How many are in effect; empty where there is none. One query."""
    started = IncentiveVersion.objects.filter(effective_from__lte=now)
    latest = started.order_by("incentive", "-effective_from", "-number").distinct("incentive")
    number = sum(latest.values_list("is_active", flat=True))
    if not number:
        return ""
    return ngettext("%(number)s active", "%(number)s active", number) % {"number": formats.number(number)}
