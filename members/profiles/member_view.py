"""Members as one reader may see them: masked by the kind of each value."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from crm.runtime.database.prepared import fetch_prepared
from crm.runtime.secrets.crypto import decrypt
from crm.staff.models import Role, Staff
from crm.staff.permissions import REVEAL, may
from crm.staff.privacy.mask_levels import MaskLevel, mask_level
from crm.staff.privacy.masking import mask
from members.profiles.links import MEMBER
from members.profiles.models import Book, Member
from members.profiles.privacy import CLASSES
from members.profiles.visibility import sees_everybody, visible_books

SEALED = frozenset({"mobile", "email", "id_number", "address"})
REVEALABLE = SEALED | {"name", "birth_date"}
SHOWABLE = REVEALABLE | {"sex", "region", "occupation", "income_band", "language", "tags"}


_VIEWS = """
SELECT m.id, EXISTS (
    SELECT FROM profiles_book AS own WHERE own.member_id = m.id AND own.staff_id = %s AND own.ended_at IS NULL
){columns}
FROM ({seen}) AS seen JOIN profiles_member AS m USING (id) WHERE m.id = ANY(%s::bigint[])
"""


def may_sort_by(field: str, staff: Staff) -> bool:
    """Whether lists may be sorted, filtered or grouped by a field of Member: order reveals values."""
    kind = CLASSES["Member"][field].kind
    return mask_level(kind, staff) is MaskLevel.PLAIN or (
        staff.role == Role.RELATIONSHIP_MANAGER and mask_level(kind, staff, own=True) is MaskLevel.PLAIN
    )


def member_number(member_id: int) -> str:
    """What a member is called for readers who may not see the name."""
    return f"#{member_id}"


@dataclass(frozen=True)
class MemberView:
    """A member as one person may see it. Only requested fields are filled; hidden and absent ones are empty.

    `name` is never empty: without a name that this person may see it is the number. `masked`
    names the fields that hold more than is shown; `revealable` those of them that a reason reveals.
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


def member_views(
    member_ids: Iterable[int], *, staff: Staff, fields: Collection[str] = ("name", "mobile")
) -> list[MemberView]:
    """The members with these ids that `staff` may see, in the order given, in one query.

    `fields` is any of SHOWABLE; nothing else is read or unsealed. Raises ValueError on another field.
    """
    if unknown := set(fields) - SHOWABLE:
        raise ValueError(f"not fields that can be shown: {', '.join(sorted(unknown))}")
    wanted = list(dict.fromkeys(member_ids))
    seen, parameters = visible_ids_sql(staff)
    columns = "".join(f", m.{field}" for field in fields)
    rows = fetch_prepared(_VIEWS.format(columns=columns, seen=seen), [staff.pk, *parameters, wanted])
    views = {
        member_id: member_view(member_id, dict(zip(fields, values, strict=True)), staff, own=own)
        for member_id, own, *values in rows
    }
    return [views[member_id] for member_id in wanted if member_id in views]


def visible_ids_sql(staff: Staff) -> tuple[str, tuple[Any, ...]]:
    """SQL for the ids of the members this person may see, with its parameters, for statements of our own.

    Of books it reads the book rows alone: joined with them, all members would be gone through for a team.
    """
    if sees_everybody(staff):
        return Member.objects.values("id").query.sql_with_params()
    if not staff.is_active:
        return "SELECT NULL::bigint AS id WHERE false", ()
    books = Book.objects.filter(visible_books(staff)).values("member_id")
    assigned, parameters = books.query.sql_with_params()
    return f"SELECT member_id AS id FROM ({assigned}) AS assigned", parameters  # noqa: S608  # own names


def plain_text(field: str, value: Any) -> str:
    """A stored value of Member as text, decrypted where it is encrypted."""
    if value is None:
        return ""
    if field in SEALED:
        return decrypt(field, value)
    return str(value)


def member_view(member_id: int, stored: Mapping[str, Any], staff: Staff, *, own: bool) -> MemberView:
    """A member whom `staff` may see, from stored values of SHOWABLE fields; `own`: assigned to them."""
    shown: dict[str, Any] = {}
    masked: set[str] = set()
    for field, value in stored.items():
        kind = CLASSES["Member"][field].kind
        level = mask_level(kind, staff, own=own)
        if field == "tags":
            shown[field] = tuple(value) if level is MaskLevel.PLAIN else ()
        elif level is not MaskLevel.HIDDEN:
            text = plain_text(field, value)
            shown[field] = text if level is MaskLevel.PLAIN else mask(kind, text)
            if text and level is MaskLevel.MASKED:
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
