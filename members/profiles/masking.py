"""How much of a member each role sees, and members made ready to be shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from django.core.exceptions import EmptyResultSet

from crm.runtime.database.prepared import fetch_prepared
from crm.runtime.secrets.crypto import decrypt
from crm.staff.models import Role, Staff
from crm.staff.permissions import REVEAL, may
from crm.staff.privacy.masking import mask
from members.profiles.links import MEMBER
from members.profiles.models import Member
from members.profiles.privacy import CLASSES

SEALED = frozenset({"mobile", "email", "id_number", "address"})
REVEALABLE = SEALED | {"name", "birth_date"}
SHOWABLE = REVEALABLE | {"sex", "region", "occupation", "income_band", "language", "tags"}


class Form(IntEnum):
    """In which form a value is shown; the higher the more is seen."""

    HIDDEN = 0
    MASKED = 1
    PLAIN = 2


def _by_role(others: Form, **roles: Form) -> dict[Role, Form]:
    """One line of the table; an analyst sees a kind only where the line says so."""
    line = dict.fromkeys(Role, others) | {Role.ANALYST: Form.HIDDEN}
    return line | {Role(role): form for role, form in roles.items()}


# Kind of value (privacy.py) by role, for members of somebody else's book.
FORMS: dict[str, dict[Role, Form]] = {
    "internal": _by_role(Form.PLAIN, analyst=Form.PLAIN),
    "money": _by_role(Form.PLAIN, analyst=Form.PLAIN),
    "trait": _by_role(Form.PLAIN, analyst=Form.PLAIN),
    "outside_id": _by_role(Form.PLAIN),
    "text": _by_role(Form.PLAIN, operations=Form.MASKED, administrator=Form.MASKED),
    "name": _by_role(Form.MASKED),
    "mobile": _by_role(Form.MASKED),
    "email": _by_role(Form.MASKED),
    "id_number": _by_role(Form.MASKED),
    "address": _by_role(Form.MASKED),
    "birth_date": _by_role(Form.MASKED),
    "never": _by_role(Form.HIDDEN),
}
_PRESENT = """
SELECT m.id, EXISTS (
    SELECT FROM profiles_book AS own WHERE own.member_id = m.id AND own.staff_id = %s AND own.ended_at IS NULL
){columns}
FROM ({seen}) AS seen JOIN profiles_member AS m USING (id) WHERE m.id = ANY(%s::bigint[])
"""
PLAIN_TO_OWN_MANAGER = frozenset({"name"})


def form_of(kind: str, staff: Staff, *, own: bool = False) -> Form:
    """The form in which this person sees a kind of value; `own`: of a member in their own book.

    Raises KeyError on an unknown kind.
    """
    form = FORMS[kind][Role(staff.role)]
    return Form.PLAIN if own and form and kind in PLAIN_TO_OWN_MANAGER else form


def show(kind: str, value: str, staff: Staff, *, own: bool = False) -> str:
    """One value as this person may see it; empty when hidden."""
    form = form_of(kind, staff, own=own)
    if form is Form.PLAIN:
        return value
    return mask(kind, value) if form is Form.MASKED else ""


def may_arrange_by(field: str, staff: Staff) -> bool:
    """Whether lists may be sorted, filtered or grouped by a field of Member: order would betray its value."""
    kind = CLASSES["Member"][field].kind
    return form_of(kind, staff) is Form.PLAIN or (
        staff.role == Role.RELATIONSHIP_MANAGER and form_of(kind, staff, own=True) is Form.PLAIN
    )


def member_number(member_id: int) -> str:
    """The name a member has for those who may not know the real one."""
    return f"#{member_id}"


@dataclass(frozen=True)
class MemberView:
    """A member as one person may see it. Only the fields asked for are filled; hidden and absent are empty.

    `name` is never empty: who has none, or none for this person's eyes, goes by number. `masked`
    names the fields that hold more than is shown; `revealable` those of them a reason would open.
    """

    id: int
    number: str
    own: bool
    name: str
    mobile: str = ""
    email: str = ""
    id_number: str = ""
    address: str = ""
    birth_date: str = ""
    sex: str = ""
    region: str = ""
    occupation: str = ""
    income_band: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    masked: frozenset[str] = frozenset()
    revealable: frozenset[str] = frozenset()

    @property
    def page(self) -> str:
        """The address of this member's page."""
        return MEMBER.address(self.id)


def present(
    member_ids: Iterable[int], *, staff: Staff, fields: Collection[str] = ("name", "mobile")
) -> list[MemberView]:
    """The members with these ids that `staff` may see, in the order given, in one query.

    `fields` is any of SHOWABLE; nothing else is read or unsealed. Raises ValueError on another field.
    """
    if unknown := set(fields) - SHOWABLE:
        raise ValueError(f"not fields that can be shown: {', '.join(sorted(unknown))}")
    wanted = list(dict.fromkeys(member_ids))
    seen, parameters = seen_by(staff)
    columns = "".join(f", m.{field}" for field in fields)
    rows = fetch_prepared(_PRESENT.format(columns=columns, seen=seen), [staff.pk, *parameters, wanted])
    views = {
        member_id: view_of(member_id, dict(zip(fields, values, strict=True)), staff, own=own)
        for member_id, own, *values in rows
    }
    return [views[member_id] for member_id in wanted if member_id in views]


def seen_by(staff: Staff) -> tuple[str, tuple[Any, ...]]:
    """SQL for the ids of the members this person may see, with its parameters, for statements of our own."""
    try:
        return Member.objects.visible_to(staff).values("id").query.sql_with_params()
    except EmptyResultSet:  # the account is closed
        return "SELECT NULL::bigint AS id WHERE false", ()


def plain(field: str, value: Any) -> str:
    """A stored value of Member as text, unsealed where it is sealed."""
    if value is None:
        return ""
    if field in SEALED:
        return decrypt(field, value)
    return str(value)


def view_of(member_id: int, stored: Mapping[str, Any], staff: Staff, *, own: bool) -> MemberView:
    """A member whom `staff` may see, from stored values of SHOWABLE fields; `own`: in their own book."""
    shown: dict[str, Any] = {}
    masked: set[str] = set()
    for field, value in stored.items():
        kind = CLASSES["Member"][field].kind
        form = form_of(kind, staff, own=own)
        if field == "tags":
            shown[field] = tuple(value) if form is Form.PLAIN else ()
        elif form is not Form.HIDDEN:
            text = plain(field, value)
            shown[field] = text if form is Form.PLAIN else mask(kind, text)
            if text and form is Form.MASKED:
                masked.add(field)
    number = member_number(member_id)
    return MemberView(
        id=member_id,
        number=number,
        own=own,
        **{**shown, "name": shown.get("name") or number},
        masked=frozenset(masked),
        revealable=frozenset(masked) if may(staff, REVEAL) else frozenset(),
    )
