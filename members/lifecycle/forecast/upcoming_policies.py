"""The policies that come into force soon, for pages: until then every foresight of theirs is a surprise."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from crm.web import formats
from members.lifecycle.models import Policy

SOON = timedelta(days=7)


def coming_policies(now: datetime) -> list[Policy]:
    """Those that come into force within a week, the first first. One query. Uses index: policy_in_force"""
    rows = Policy.objects.filter(effective_from__gt=now, effective_from__lte=now + SOON)
    return list(rows.order_by("effective_from", "version"))


def said_of_policy(policy: Policy) -> str:
    """That a policy comes into force, and when."""
    said = {"version": policy.version, "day": formats.day(policy.effective_from)}
    return _("Policy v%(version)s comes into force on %(day)s") % said
