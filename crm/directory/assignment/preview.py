"""Preview an assignment: who would change managers, before anybody does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from crm.runtime.sql_files import sql_beside
from crm.staff.models import Staff
from members.profiles.book import books_version
from members.profiles.member_view import visible_ids_sql
from members.profiles.models import Member

_PREVIEW = sql_beside(__file__)("preview")


@dataclass(frozen=True)
class Share:
    """Members of one present manager; `manager_id` None and no name for those without one."""

    manager_id: int | None
    manager: str
    members: int
    assets: Decimal


@dataclass(frozen=True)
class Preview:
    """The chosen members that the person may see (`member_ids`), by present manager; `left_out` are others.

    `version` is that of their books: what was previewed is assigned only while it is the same.
    """

    member_ids: Sequence[int]
    left_out: int
    shares: Sequence[Share]
    version: str

    @property
    def assets(self) -> Decimal:
        return sum((share.assets for share in self.shares), start=Decimal(0))

    def moving(self, manager_id: int) -> list[Share]:
        """Those that would come to this manager."""
        return [share for share in self.shares if share.manager_id != manager_id]

    def kept(self, manager_id: int) -> int:
        """How many are this manager's already."""
        return sum(share.members for share in self.shares if share.manager_id == manager_id)


def preview(member_ids: Sequence[int], by: Staff) -> Preview:
    """What assigning these members would change. Three queries.

    The version is read before the members: what changes between the two is refused when it is assigned.
    """
    found = Member.objects.visible_to(by).filter(pk__in=member_ids).values_list("pk", flat=True)
    ids = sorted(found)
    version = books_version(ids)
    seen, parameters = visible_ids_sql(by)
    with connection.cursor() as cursor:
        cursor.execute(_PREVIEW.format(seen=seen), [*parameters, ids])
        shares = [Share(*row) for row in cursor.fetchall()]
    return Preview(ids, len(set(member_ids)) - len(ids), shares, version)
