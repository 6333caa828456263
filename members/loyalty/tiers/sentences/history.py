"""Changes of a tier in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from crm.web import formats
from members.loyalty.models import ChangeReason, TierChange


def change_label(change: TierChange) -> str:
    """From which tier to which."""
    if change.from_tier is None:
        return str(change.to_tier.local_name)
    return f"{change.from_tier.local_name} → {change.to_tier.local_name}"


def change_reason(reason: str, inputs: Mapping[str, Any], version: int) -> str:
    """Why a tier changed: the rule, the numbers compared with their days, and the version of the rules."""
    words = [str(ChangeReason(reason).label)]
    if reason not in (ChangeReason.OVERRIDE, ChangeReason.RETURNED):
        words += inputs_text(inputs)
    words.append(_("rules v%(version)s") % {"version": version})
    return _("; ").join(words)


def inputs_text(inputs: Mapping[str, Any]) -> list[str]:
    """The numbers that were compared, with the days of their data."""
    found = []
    if "average" in inputs:
        params = {
            "average": formats.exact_money(Decimal(inputs["average"])),
            "month": formats.month_long(date.fromisoformat(f"{inputs['month']}-01")),
        }
        found.append(_("average AUM of %(month)s: %(average)s") % params)
    if "so_far" in inputs:
        found.append(
            _("month so far counts as %(average)s")
            % {"average": formats.exact_money(Decimal(inputs["so_far"]))}
        )
    if "valued_on" in inputs:
        found.append(
            _("latest valuation used: %(day)s")
            % {"day": formats.day(date.fromisoformat(inputs["valued_on"]))}
        )
    if "day_end" in inputs:
        found.append(_("end-of-day AUM: %(aum)s") % {"aum": formats.exact_money(Decimal(inputs["day_end"]))})
    if "points" in inputs:
        found.append(_("points earned: %(points)s") % {"points": formats.number(inputs["points"])})
    return found


def superseded_text(change: TierChange) -> str:
    """That a change no longer holds, since when and why."""
    return _(
        "Corrected %(day)s: later or corrected data gives another result. Known until then: %(then)s"
    ) % {
        "day": formats.moment(change.superseded_at),
        "then": _("; ").join(inputs_text(change.inputs)) or "–",
    }
