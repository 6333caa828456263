"""The columns of the list: every field of the catalogue of which its reader sees something."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from crm.runtime.extension.labels import Label
from crm.staff.models import Role, Staff
from crm.staff.privacy.mask_levels import PLAIN_TO_OWN_MANAGER, MaskLevel, mask_level
from crm.staff.privacy.masking import KINDS
from members.rules.catalogue.fields import Field, fields
from members.rules.catalogue.groups import GROUPS

# Fields by the names that addresses and saved views of columns and orders have had.
NAMES_BEFORE = {
    "since": "stage_since",
    "activity": "last_activity",
    "due": "next_change",
    "registered": "registered_at",
    "risk": "risk_class",
    "login": "last_login",
    "trade": "last_trade",
    "peak": "recent_peak",
    "matures": "next_maturity",
    "assessment": "assessment_ends",
    "complaint": "complaint_since",
    "plan": "plan_missed_since",
}
_DEFAULT = ("stage", "aum", "stage_since", "last_activity", "manager")
_DEFAULT_OF_MANAGER = ("stage", "aum", "stage_since", "last_activity", "next_change")


def field_name(name: str) -> str:
    """The name of a field that an address names, maybe as it was called before."""
    return NAMES_BEFORE.get(name, name)


def level_of(field: Field, staff: Staff, *, own: bool) -> tuple[MaskLevel, str]:
    """How much this person sees of a field, and the kind of value that decides it; `own`: of the own book."""
    return min(
        (mask_level(one.kind, staff, own=own and one.kind in PLAIN_TO_OWN_MANAGER), one.kind)
        for one in field.privacy
    )


def is_shown(field: Field, staff: Staff) -> bool:
    """Whether this person sees its values, unmasked or masked."""
    level, kind = level_of(field, staff, own=staff.role == Role.RELATIONSHIP_MANAGER)
    return level is MaskLevel.PLAIN or level is MaskLevel.MASKED and kind in KINDS


def columns_for(staff: Staff) -> list[Field]:
    """The columns this person may choose from, group by group."""
    return [one for one in in_groups() if is_shown(one, staff)]


@cache
def in_groups() -> tuple[Field, ...]:
    """All fields in the order of their groups; what belongs to none comes last."""
    places: dict[Label | None, int] = {group: place for place, group in enumerate(GROUPS)}
    return tuple(sorted(fields.values(), key=lambda one: places.get(one.group, len(places))))


def columns_named(names: Iterable[str], staff: Staff) -> list[Field]:
    """The columns of these names in their order, each once; without a known and allowed name, the default.

    A relationship manager's default leaves out the manager, who is the reader.
    """
    wanted = _allowed(names, staff)
    default = _DEFAULT_OF_MANAGER if staff.role == Role.RELATIONSHIP_MANAGER else _DEFAULT
    return wanted or _allowed(default, staff)


def _allowed(names: Iterable[str], staff: Staff) -> list[Field]:
    known = (fields.get(name) for name in dict.fromkeys(map(field_name, names)))
    return [one for one in known if one and is_shown(one, staff)]
