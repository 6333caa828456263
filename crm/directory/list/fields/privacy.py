"""Which fields a reader sees unmasked. Only those may filter, sort or fill a column of the list."""

from __future__ import annotations

from crm.staff.models import Staff
from crm.staff.privacy.mask_levels import MaskLevel, mask_level
from members.lifecycle.privacy import CLASSES as OF_LIFECYCLE
from members.portfolio.privacy import CLASSES as OF_PORTFOLIO
from members.profiles.member_view import may_sort_by
from members.profiles.privacy import CLASSES as OF_PROFILES

_CLASSES = {**OF_PROFILES, **OF_PORTFOLIO, **OF_LIFECYCLE}


def is_unmasked(path: str, staff: Staff) -> bool:
    """Whether this person sees a field, written "Standing.aum" or "Member.region", unmasked."""
    model, _dot, name = path.partition(".")
    if model == "Member":
        return may_sort_by(name, staff)
    return mask_level(_CLASSES[model][name].kind, staff) is MaskLevel.PLAIN
