"""Requests about tiers in words: policy versions and overrides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.staff.models import Request
from crm.web import formats
from members.loyalty.models import Downgrade, Metric, Review, Tier, TierPolicy, Upgrade
from members.loyalty.tiers.sentences.refusals import REFUSALS

Line = tuple[str | Promise, str, str]  # what changes, before, after

POLICY_KIND = gettext_lazy("Tier rules")
OVERRIDE_KIND = gettext_lazy("Tier override")
LABELS: dict[str, Promise] = {
    "metric": gettext_lazy("Qualifying metric"),
    "review": gettext_lazy("Review"),
    "upgrade": gettext_lazy("Upgrade"),
    "downgrade": gettext_lazy("Downgrade"),
    "window_days": gettext_lazy("Points period"),
    "grace_days": gettext_lazy("Grace period"),
    "protect_days": gettext_lazy("Protection after an upgrade"),
    "notice_days": gettext_lazy("Notice before a downgrade"),
}
KIND_LABELS: dict[str, Promise] = {
    "average": gettext_lazy("Monthly average AUM"),
    "day_end": gettext_lazy("End-of-day AUM"),
    "points": gettext_lazy("Points earned"),
}
_CHOICES = {"metric": Metric, "review": Review, "upgrade": Upgrade, "downgrade": Downgrade}


def policy_summary(request: Request) -> str:
    count = len(request.diff)
    words = ngettext("Tier rules: %(count)s change", "Tier rules: %(count)s changes", count)
    return words % {"count": count}


def override_summary(request: Request) -> str:
    return _("Tier override for member %(member)s") % {"member": request.proposal["member"]}


def policy_lines(request: Request) -> list[Line]:
    """What a policy request changes, from which day on, and how many members would move."""
    tiers = {
        tier.pk: tier.local_name for tier in Tier.objects.filter(programme=request.proposal["programme"])
    }
    lines: list[Line] = []
    for name, (before, after) in request.diff.items():
        if name == "thresholds":
            lines += _threshold_lines(before, after, tiers)
        elif name in LABELS:
            lines.append((LABELS[name], value_text(name, before), value_text(name, after)))
    start = date.fromisoformat(request.proposal["effective_from"])
    lines.append((_("Effective from"), "", formats.day(start)))
    lines.append((_("Affected members"), "", formats.number(request.proposal["moved"])))
    return lines


def override_lines(request: Request) -> list[Line]:
    """Which tier a member gets, from when and until when."""
    tiers = {
        tier.pk: tier.local_name for tier in Tier.objects.filter(pk__in=filter(None, request.diff["tier"]))
    }
    before, after = request.diff["tier"]
    proposal = request.proposal
    return [
        (_("Tier"), tiers.get(before, ""), tiers.get(after, "")),
        (_("Effective from"), "", formats.day(date.fromisoformat(proposal["starts_on"]))),
        (_("Returns to the earned tier on"), "", formats.day(date.fromisoformat(proposal["ends_on"]))),
    ]


def version_text(policy: TierPolicy | None) -> str:
    """Which version of the rules applies; empty without one."""
    if policy is None:
        return ""
    params = {"version": policy.version, "day": formats.day(policy.effective_from)}
    return _("version %(version)s since %(day)s") % params


def value_text(name: str, value: Any) -> str:
    """A value of the rules as it is shown: a choice in words, or a number of days."""
    if name in _CHOICES:
        return str(_CHOICES[name](value).label)
    return formats.days(value)


def threshold_text(kind: str, value: Any) -> str:
    """A threshold with its unit; empty where there is none."""
    if value in (None, ""):
        return ""
    return formats.number(value) if kind == "points" else formats.money(value)


def _threshold_lines(
    before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]], tiers: Mapping[int, str]
) -> list[Line]:
    old = {one["tier"]: one for one in before}
    new = {one["tier"]: one for one in after}
    return [
        (
            _("%(tier)s: %(metric)s") % {"tier": tiers.get(tier, tier), "metric": label},
            threshold_text(kind, old.get(tier, {}).get(kind)),
            threshold_text(kind, new.get(tier, {}).get(kind)),
        )
        for tier in new
        for kind, label in KIND_LABELS.items()
        if old.get(tier, {}).get(kind) != new[tier].get(kind)
    ]


def policy_refusal(error: ValidationError) -> str:
    """Why an approved request can no longer be applied."""
    return " ".join(refusal_texts(error))


def refusal_texts(error: ValidationError) -> list[str]:
    """The messages of a refused draft, in the reader's language."""
    errors = error.error_list if hasattr(error, "error_list") else []
    if hasattr(error, "error_dict"):
        errors = [one for found in error.error_dict.values() for one in found]
    return [
        str(REFUSALS[one.code]) if one.code in REFUSALS else text for one in errors for text in one.messages
    ]
