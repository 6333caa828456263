"""Which fields a reader sees unmasked. Only those may filter, sort or fill a column of the list."""

from __future__ import annotations

from crm.staff.models import Staff
from members.lifecycle.privacy import CLASSES
from members.profiles.masking import Form, form_of, may_arrange_by


def is_unmasked(path: str, staff: Staff) -> bool:
    """Whether this person sees a field, written "Standing.aum" or "Member.region", unmasked."""
    model, _dot, name = path.partition(".")
    if model == "Member":
        return may_arrange_by(name, staff)
    return form_of(CLASSES[model][name].kind, staff) is Form.PLAIN
