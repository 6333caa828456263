"""Rows of the list: what members show, as their reader may see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from crm.directory.list.matching import Condition
from crm.directory.list.values import seen_by
from crm.runtime.clock import day_of
from crm.runtime.database.prepared import fetch_prepared, name_parameters
from crm.runtime.sql_files import sql_beside
from crm.runtime.text.local_names import reads_english
from crm.staff.models import Staff
from crm.staff.privacy.mask_levels import MaskLevel, mask_level
from members.profiles.member_view import MemberView, member_view, visible_ids_sql
from members.rules.catalogue.fields import Field

_ROWS = sql_beside(__file__)("rows")
# The columns of sql/rows.sql that every row has, in their order, before those of fields.
_FACTS = ("stage", "sub_state", "warnings", "since", "aum", "last_login_at", "last_trade_at")


@dataclass(frozen=True)
class Row:
    """One member as the reader may see them.

    `values` are what the chosen columns show, by the name of their field.
    """

    view: MemberView
    manager: str
    outside_id: str
    stage: str | None
    sub_state: str | None
    warnings: int
    since: datetime | None
    aum: Decimal
    last_login_at: datetime | None
    last_trade_at: datetime | None
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def number(self) -> str:
        """The member number: the platform's, where there is one that the reader may see."""
        return self.outside_id or self.view.number

    @property
    def last_activity(self) -> datetime | None:
        instants = [at for at in (self.last_login_at, self.last_trade_at) if at]
        return max(instants, default=None)


def rows_of(
    ids: Sequence[int], staff: Staff, columns: Sequence[Field] = (), now: datetime | None = None
) -> list[Row]:
    """The rows of these members, in this order, without members that the reader may not see. One query.

    `columns` are filled as of `now`.
    """
    seen, parameters = name_parameters(*visible_ids_sql(staff), "seen")
    statement = _ROWS.format(
        rows=Condition("", {}, ("s", "book")).rows(
            seen, [alias for one in columns for alias in one.sources], "m.name"
        ),
        columns="".join(f",\n       {one.display.sql or one.sql}" for one in columns),
    )
    values = {
        "reader": staff.pk,
        "shows_ids": mask_level("outside_id", staff) is MaskLevel.PLAIN,
        "english": reads_english(),
        "ids": [*ids],
        "now": now,
        "today": day_of(now) if now else None,
    }
    shown = [(one.name, seen_by(one, staff)) for one in columns]
    found = {}
    for member_id, own, *given in fetch_prepared(statement, {**values, **parameters}):
        name, mobile, manager, outside_id, *rest = given
        view = member_view(member_id, {"name": name, "mobile": mobile}, staff, own=own)
        facts = dict(zip(_FACTS, rest, strict=False))
        values_of_row = rest[len(_FACTS) :]
        cells = {name: see(value, own) for (name, see), value in zip(shown, values_of_row, strict=True)}
        found[member_id] = Row(view, manager, outside_id or "", values=cells, **facts)
    return [found[member_id] for member_id in ids if member_id in found]
