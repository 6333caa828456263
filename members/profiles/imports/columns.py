"""Columns that many kinds have: the member a row is about, reference data made on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from crm.imports.column import Column, Creatable, Fault, Reference
from crm.imports.columns import DAMAGED_ID, code
from crm.imports.errors.row_errors import Reason, make_reason
from crm.imports.values import fits
from crm.staff.privacy.personal import personal_number_sql

_IDENTITY = (
    "LEFT JOIN profiles_identity AS {alias}"
    " ON {alias}.kind = '%s' AND {alias}.source = %%(source)s AND {alias}.value = {v}"
)

# A field missing before it shifts somebody's number into it.
_PERSONS_NUMBER = Fault(personal_number_sql("{v}"), make_reason("persons_number"))


def identity(kind: str, why: Reason | None = None) -> Reference:
    """The member that the importing system calls by this name; without `why` it need not exist."""
    return Reference(_IDENTITY % kind, "{alias}.member_id", why)


def member(name: str = "member_id") -> Column:
    """The member a row is about."""
    return Column(
        name,
        DAMAGED_ID,
        value=f"s.found_{name}",
        reference=identity("member", make_reason("no_such_member")),
        shows=fits.identifier,
        person=True,
    )


def unerased_member() -> Column:
    """The same, where nothing new is stored of those whose data were erased."""
    column = member()
    erased = "r_member_id.member_id IN (SELECT e.id FROM profiles_member AS e WHERE e.erased_at IS NOT NULL)"
    return replace(column, faults=(*column.faults, Fault(erased, make_reason("member_erased"))))


def creating(
    name: str, size: int, *, target: str, table: str, label: str, extra: Mapping[str, str] | None = None
) -> Column:
    """A code of reference data that is made when it is not known yet, and that everybody sees in filters."""
    column = code(name, size, target=target, empty="NULL")
    faults = (*column.faults, _PERSONS_NUMBER)
    return replace(column, faults=faults, creates=Creatable(table, label, extra))


def channel() -> Column:
    """The acquisition channel, by its code."""
    extra = {"kind": "''", "import_id": "%(import)s::bigint"}
    return creating(
        "channel", 60, target="channel_id", table="profiles_channel", label="channels", extra=extra
    )
