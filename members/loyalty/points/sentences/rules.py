"""A version of an earn rule in words, line by line."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.web import formats
from members.loyalty.models import EarnRuleVersion, Expiry
from members.rules.catalogue.activities import activities


def version_lines(version: EarnRuleVersion, tiers: Mapping[str, str]) -> list[tuple[str, str]]:
    """(what, in words): points, limits and validity, without what has no limit. `tiers`: names by code."""
    lines = [(_("Points"), earning(version))]
    if version.multipliers:
        factors = (f"{tiers.get(tier, tier)} ×{factor}" for tier, factor in version.multipliers.items())
        lines.append((_("Tier multipliers"), ", ".join(factors)))
    caps = [(_("Cap per day"), version.cap_day), (_("Cap per month"), version.cap_month)]
    lines += [(label, formats.number(cap)) for label, cap in caps if cap is not None]
    if version.pending_days:
        lines.append((_("Pending period"), formats.days(version.pending_days)))
    return [*lines, (_("Expiry"), expiry(version))]


def earning(version: EarnRuleVersion) -> str:
    """How many points a fact earns."""
    points = formats.number(version.points)
    if not version.per:
        return ngettext("%(points)s point each", "%(points)s points each", version.points) % {
            "points": points
        }
    known = activities.get(version.activity)
    names = {one.name: one.label for one in known.properties} if known else {}
    return _("%(points)s per %(unit)s of %(amount)s") % {
        "points": points,
        "unit": "" if version.unit is None else formats.full_number(version.unit),
        "amount": names.get(version.per, version.per),
    }


def expiry(version: EarnRuleVersion) -> str:
    """When points of this version expire."""
    if version.expiry == Expiry.ROLLING:
        months = version.expiry_months
        words = ngettext("%(months)s month after earning", "%(months)s months after earning", months)
        return words % {"months": formats.number(months)}
    if version.expiry == Expiry.YEAR_END:
        return _("End of year, grace %(days)s") % {"days": formats.days(version.grace_days)}
    return _("Never")
