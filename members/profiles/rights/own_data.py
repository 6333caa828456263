"""All that is stored of a member, as the member may take it along: one JSON document.

Each app registers its sections. Values are in plain: whoever hands the file over verified who asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from crm.runtime.extension.labels import Label, untranslated
from crm.runtime.extension.registry import Registry
from crm.staff.models import Staff
from crm.staff.permissions import may
from crm.staff.privacy import export_log
from members.profiles.member_view import SEALED, plain_text
from members.profiles.models import Member
from members.profiles.permissions import HANDLE_RIGHTS

WHAT = "own data"  # of the log of exports
_RECORD = (
    "name", "mobile", "email", "id_number", "address", "sex", "birth_date", "region", "occupation",
    "income_band", "language", "tags", "known_at", "registered_at", "risk_class", "risk_assessed_on",
    "investor_type",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Section:
    """A part of the document: `sql` gives its rows for the member `%(member)s`, named by its columns."""

    key: str
    label: Label
    sql: str

    def __str__(self) -> str:
        return self.key


def _judge(section: Section) -> Iterator[str]:
    yield from untranslated(section.label)


_sections: Registry[Section] = Registry("section of a member's own data", _judge)


def register(*sections: Section) -> None:
    """Publish sections (from AppConfig.ready). Raises RegisteredTwice."""
    for section in sections:
        _sections.add(section.key, section)


def collect(member_id: int, *, staff: Staff, reason: str, now: datetime) -> dict[str, Any]:
    """The document, in the language that is active; that it left is on record before it is returned.

    {"generated_at", "member": {field: value}, "sections": {key: {"title", "rows"}}}. One query a section.
    Raises PermissionDenied (the role may not, or the member is not visible).
    """
    if not may(staff, HANDLE_RIGHTS):
        raise PermissionDenied
    with transaction.atomic():
        member = Member.objects.visible_to(staff).filter(pk=member_id).first()
        if member is None:
            raise PermissionDenied
        begun = export_log.begin(
            WHAT, staff=staff, now=now, query={"member": str(member_id), "reason": reason}
        )
        sections = {one.key: _read(one, member_id) for one in _sections.values()}
        export_log.finish(begun, sum(len(one["rows"]) for one in sections.values()))
    record = {name: _plain(member, name) for name in _RECORD}
    return {"generated_at": now, "member": record, "sections": sections}


def _plain(member: Member, name: str) -> Any:
    value = getattr(member, name)
    return plain_text(name, value) if name in SEALED else value


def _read(section: Section, member_id: int) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(section.sql, {"member": member_id})
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {"title": str(section.label), "rows": rows}
