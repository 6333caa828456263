"""Members for tests, sealed and findable as imports leave them."""

from __future__ import annotations

from datetime import datetime

from crm.runtime.secrets.crypto import blind_index, encrypt
from crm.staff.models import Staff
from members.profiles.models import Book, Identity, Member, SearchTerm
from tests.crm.staff.people import NOW

SEALED = ("mobile", "email", "id_number", "address")
INDEXED = ("mobile", "email", "id_number")


def member_with(
    *,
    terms: tuple[str, ...] = (),
    outside_id: str = "",
    manager: Staff | None = None,
    at: datetime = NOW,
    **fields,
) -> Member:
    """A member; sealed fields are given in plain, `manager` has it in the book since `at`."""
    values = dict(fields)
    for field in SEALED:
        if field in fields:
            values[field] = encrypt(field, fields[field])
        if field in fields and field in INDEXED:
            values[f"{field}_index"] = blind_index(field, fields[field])
    lines = "".join(f"\n{term}" for term in sorted(terms))
    member = Member.objects.create(**{"known_at": at, "updated_at": at, "search_text": lines} | values)
    SearchTerm.objects.bulk_create(SearchTerm(member=member, term=term) for term in terms)
    if outside_id:
        Identity.objects.create(kind="member", value=outside_id, member=member)
    if manager:
        Book.objects.create(member=member, started_at=at, staff=manager)
    return member
