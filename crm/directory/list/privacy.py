"""Which fields a reader sees unmasked. Only those may filter, sort or fill a column of the list."""

from __future__ import annotations

from crm.staff.models import Staff
from members.lifecycle.privacy import CLASSES
from members.profiles.masking import MaskLevel, mask_level, may_sort_by


def is_unmasked(path: str, staff: Staff) -> bool:
    """Whether this person sees a field, written "Standing.aum" or "Member.region", unmasked."""
    model, _dot, name = path.partition(".")
    if model == "Member":
        return may_sort_by(name, staff)
    return mask_level(CLASSES[model][name].kind, staff) is MaskLevel.PLAIN
