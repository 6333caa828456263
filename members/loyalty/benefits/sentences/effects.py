"""What other tier rules would mean for benefits, in words for their preview."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from crm.web import formats
from members.loyalty.benefits.settings.yearly import yearly_load
from members.loyalty.tiers.preview.effects import Effect


def tier_effects(
    programme: int, before: Mapping[int, int], after: Mapping[int, int], day: date
) -> list[Effect]:
    """The most that benefits cost in a year and take of relationship managers, by members of each rank."""
    old, new = yearly_load(programme, (before, after), day)
    if not (old.cost or new.cost or old.hours or new.hours):
        return []
    return [
        Effect(_("Maximum yearly cost of benefits"), formats.money(old.cost), formats.money(new.cost)),
        Effect(
            _("Benefit uses per year, if all quotas are used"),
            formats.number(old.uses),
            formats.number(new.uses),
        ),
        Effect(
            _("Relationship manager hours per year for benefits"),
            formats.number(old.hours),
            formats.number(new.hours),
        ),
    ]
