"""Rows of the list: what members show, as their reader may see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from crm.directory.list.fields.columns import Column
from crm.runtime.database.prepared import fetch_prepared
from crm.runtime.sql_files import sql_beside
from crm.runtime.text.local_names import reads_english
from crm.staff.models import Staff
from crm.staff.privacy.mask_levels import MaskLevel, mask_level
from members.profiles.member_view import MemberView, member_view, visible_ids_sql

_ROWS = sql_beside(__file__)("rows")


@dataclass(frozen=True)
class Row:
    """One member as the reader may see them; from `stage` on in the order of sql/rows.sql.

    `days` are those of columns that are read by themselves, by the column's name.
    """

    view: MemberView
    manager: str
    outside_id: str
    stage: str | None
    sub_state: str | None
    warnings: int
    since: datetime | None
    aum: Decimal
    peak_aum: Decimal | None
    due_at: datetime | None
    last_login_at: datetime | None
    last_trade_at: datetime | None
    registered_at: datetime | None
    risk_class: str | None
    region: str
    channel: str | None
    days: Mapping[str, date] = field(default_factory=dict)

    @property
    def number(self) -> str:
        """The member number: the platform's, where there is one that the reader may see."""
        return self.outside_id or self.view.number

    @property
    def last_activity(self) -> datetime | None:
        instants = [at for at in (self.last_login_at, self.last_trade_at) if at]
        return max(instants, default=None)


def rows_of(ids: Sequence[int], staff: Staff) -> list[Row]:
    """The rows of these members, in this order, without members that the reader may not see. One query."""
    seen, parameters = visible_ids_sql(staff)
    shows_ids = mask_level("outside_id", staff) is MaskLevel.PLAIN
    rows = fetch_prepared(_ROWS.format(seen=seen), [shows_ids, reads_english(), *parameters, list(ids)])
    found = {row[0]: _row(staff, *row) for row in rows}
    return [found[member_id] for member_id in ids if member_id in found]


def with_days(rows: Sequence[Row], columns: Iterable[Column], now: datetime) -> Sequence[Row]:
    """The rows with what these columns show, a query for each column that is read by itself."""
    ids = [row.view.id for row in rows]
    read = {column.name: column.days(ids, now) for column in columns if column.days} if ids else {}
    if not read:
        return rows
    return [
        replace(row, days={name: days[row.view.id] for name, days in read.items() if row.view.id in days})
        for row in rows
    ]


def _row(
    staff: Staff,
    member_id: int,
    manager_id: int | None,
    name: str,
    mobile: bytes | None,
    manager: str,
    outside_id: str | None,
    *values: Any,
) -> Row:
    view = member_view(member_id, {"name": name, "mobile": mobile}, staff, own=manager_id == staff.pk)
    return Row(view, manager, outside_id or "", *values)
