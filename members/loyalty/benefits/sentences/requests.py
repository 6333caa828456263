"""Requests about benefits in words: what is asked for, and what would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.runtime.text.local_names import reads_english
from crm.staff.models import Request
from crm.web import formats
from members.loyalty.benefits.sentences.refusals import FINDINGS
from members.loyalty.benefits.settings.change import QUOTA, version_values
from members.loyalty.benefits.settings.inducement import finding_of
from members.loyalty.models import BenefitKind, BenefitPeriod, BenefitVersion, Tier
from members.profiles.member_view import member_number

Line = tuple[str | Promise, str, str]  # what changes, before, after

CHANGE_KIND = gettext_lazy("Benefit")
GRANT_KIND = gettext_lazy("Benefit grant")
LABELS = {
    "name": gettext_lazy("Benefit name"),
    "name_en": gettext_lazy("English name"),
    "kind": gettext_lazy("Type"),
    "period": gettext_lazy("Quota period"),
    "cost": gettext_lazy("Cost per use"),
    "supplier": gettext_lazy("Supplier"),
    "is_shared": gettext_lazy("Shared by the household"),
    "manager_hours": gettext_lazy("Relationship manager hours per use"),
    "approval_above": gettext_lazy("Approval required above"),
    "valid_from": gettext_lazy("Available from"),
    "valid_until": gettext_lazy("Available until"),
}
_NONE = (None, "", False, "0.00")
_TIERS = "benefit_tiers"  # beside the fields of a request


def change_summary(request: Request) -> str:
    """A requested version in a few words."""
    words = _("New benefit: %(name)s") if not request.proposal["base"] else _("Benefit change: %(name)s")
    return words % {"name": _local(request.proposal["values"])}


def change_lines(request: Request) -> list[Line]:
    """What a version changes, from which day on, its yearly cost, and what compliance has to look at."""
    tiers = _tiers(request)
    lines = difference_lines(request.diff, tiers)
    lines.append(
        (_("Effective from"), "", formats.day(date.fromisoformat(request.proposal["effective_from"])))
    )
    if preview := request.proposal.get("preview"):
        before, after = (formats.money(Decimal(preview["cost"][at])) for at in ("before", "after"))
        lines.append((_("Maximum yearly cost"), before, after))
    if finding := finding_of(BenefitVersion(**version_values(request.proposal["values"]))):
        lines.append((_("Compliance"), "", str(FINDINGS[finding])))
    return lines


def prepare_changes(requests: Sequence[Request]) -> None:
    """Read once for many requests what change_lines() needs. One query."""
    tiers = {(tier.programme_id, tier.code): tier for tier in Tier.objects.order_by("rank")}
    for request in requests:
        request.__dict__[_TIERS] = tiers


def grant_summary(request: Request) -> str:
    """A requested grant in a few words."""
    asked = request.proposal
    return _("Grant %(benefit)s to member %(member)s") % {
        "benefit": _local(asked), "member": member_number(asked["member"]),
    }  # fmt: skip


def grant_lines(request: Request) -> list[Line]:
    """What a grant costs, and what it leaves of the quota."""
    asked = request.proposal
    used, after = (
        _("%(used)s of %(quota)s") % {"used": count, "quota": asked["quota"]}
        for count in (asked["used"], asked["used"] + 1)
    )
    return [(_("Cost"), "", formats.money(Decimal(asked["cost"]))), (_("Used in this period"), used, after)]


def difference_lines(
    diff: Mapping[str, Sequence[Any]], tiers: Mapping[tuple[int, str], Tier] | Mapping[str, str]
) -> list[Line]:
    """A stored diff {field: [before, after]} as lines: values in the order of the form, then quotas by tier.

    Of a new benefit what is empty is left out.
    """
    names = {key if isinstance(key, str) else key[1]: str(tier) for key, tier in tiers.items()}
    order = [*LABELS, *(f"{QUOTA}{code}" for code in names)]
    return [
        (_label(name, names), value_text(name, before), value_text(name, after))
        for name, (before, after) in sorted(diff.items(), key=lambda item: _place(item[0], order))
        if before is not None or after not in _NONE
    ]


def _place(name: str, order: Sequence[str]) -> int:
    return order.index(name) if name in order else len(order)


def value_text(name: str, value: Any) -> str:
    """A stored value in words; empty for none."""
    if value in (None, ""):
        return ""
    if name in ("cost", "approval_above"):
        return formats.money(Decimal(value))
    if name in ("valid_from", "valid_until"):
        return formats.day(date.fromisoformat(value))
    if name == "is_shared":
        return _("Yes") if value else _("No")
    choices = {"kind": BenefitKind, "period": BenefitPeriod}.get(name)
    return str(choices(value).label) if choices else str(value)


def _label(name: str, tiers: Mapping[str, str]) -> str | Promise:
    if name in LABELS:
        return LABELS[name]
    code = name.removeprefix(QUOTA)
    return _("Quota, %(tier)s") % {"tier": tiers.get(code, code)}


def _local(names: Mapping[str, str]) -> str:
    return names["name_en"] if names.get("name_en") and reads_english() else names["name"]


def _tiers(request: Request) -> Mapping[tuple[int, str], Tier]:
    if _TIERS not in request.__dict__:
        prepare_changes([request])
    programme = request.proposal["programme"]
    return {key: tier for key, tier in request.__dict__[_TIERS].items() if key[0] == programme}
