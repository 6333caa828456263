"""How the configuration of points stands, in a few words for the settings page."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import ngettext

from crm.web import formats
from members.loyalty.models import EarnRuleVersion, Reward


def rules_state(now: datetime) -> str:
    """How many rules of the main programme are in effect."""
    begun = EarnRuleVersion.objects.filter(rule__programme__is_main=True, effective_from__lte=now)
    latest = begun.order_by("rule_id", "-effective_from").distinct("rule_id")
    number = sum(one.is_active for one in latest)
    words = ngettext("%(count)s rule in effect", "%(count)s rules in effect", number)
    return words % {"count": formats.number(number)}


def rewards_state(now: datetime) -> str:
    """How many rewards the main programme has."""
    number = Reward.objects.filter(programme__is_main=True).count()
    words = ngettext("%(count)s reward", "%(count)s rewards", number)
    return words % {"count": formats.number(number)}


def no_state(now: datetime) -> str:
    """Nothing to say in a few words."""
    return ""
