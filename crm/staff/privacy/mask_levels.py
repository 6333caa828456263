"""How much of each kind of value a role sees (docs/access.md)."""

from __future__ import annotations

from enum import IntEnum

from crm.staff.models import Role, Staff
from crm.staff.privacy.masking import mask


class MaskLevel(IntEnum):
    """How much of a value is shown; the higher the more."""

    HIDDEN = 0
    MASKED = 1
    PLAIN = 2


def _by_role(others: MaskLevel, **roles: MaskLevel) -> dict[Role, MaskLevel]:
    """One row of the table; an analyst sees a kind only where the row says so."""
    line = dict.fromkeys(Role, others) | {Role.ANALYST: MaskLevel.HIDDEN}
    return line | {Role(role): level for role, level in roles.items()}


# Kind of value (privacy.py) by role, for members of somebody else's book.
MASK_LEVELS: dict[str, dict[Role, MaskLevel]] = {
    "internal": _by_role(MaskLevel.PLAIN, analyst=MaskLevel.PLAIN),
    "money": _by_role(MaskLevel.PLAIN, analyst=MaskLevel.PLAIN),
    "trait": _by_role(MaskLevel.PLAIN, analyst=MaskLevel.PLAIN),
    "outside_id": _by_role(MaskLevel.PLAIN),
    "text": _by_role(MaskLevel.PLAIN, operations=MaskLevel.MASKED, administrator=MaskLevel.MASKED),
    "name": _by_role(MaskLevel.MASKED),
    "mobile": _by_role(MaskLevel.MASKED),
    "email": _by_role(MaskLevel.MASKED),
    "id_number": _by_role(MaskLevel.MASKED),
    "address": _by_role(MaskLevel.MASKED),
    "birth_date": _by_role(MaskLevel.MASKED),
    "answers": _by_role(MaskLevel.MASKED, compliance=MaskLevel.PLAIN),
    "never": _by_role(MaskLevel.HIDDEN),
}
PLAIN_TO_OWN_MANAGER = frozenset({"name", "answers"})


def mask_level(kind: str, staff: Staff, *, own: bool = False) -> MaskLevel:
    """How much this person sees of a kind of value; `own`: of a member assigned to them.

    Raises KeyError on an unknown kind.
    """
    level = MASK_LEVELS[kind][Role(staff.role)]
    return MaskLevel.PLAIN if own and level and kind in PLAIN_TO_OWN_MANAGER else level


def masked_value(kind: str, value: str, staff: Staff, *, own: bool = False) -> str:
    """One value as this person may see it; empty when hidden."""
    level = mask_level(kind, staff, own=own)
    if level is MaskLevel.PLAIN:
        return value
    return mask(kind, value) if level is MaskLevel.MASKED else ""
