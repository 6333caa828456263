"""What suitability says of members and the product of a copy, as columns of the gate's statement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from campaigns.delivery.models import Selection
from crm.runtime.sql_files import sql_beside
from members.portfolio.suitability.read_facts import facts_sql, moment
from members.portfolio.suitability.tables.message import MESSAGE
from members.rules.decision_tables.to_sql import TableSql, to_sql

_sql = sql_beside(__file__)
_ASKED = "SELECT k.member_id, c.product_id FROM asked AS k CROSS JOIN copy AS c"
# Facts that suitability reads, as they are recorded with a verdict.
_RECORDED = (
    "risk_class",
    "risk_assessed_on",
    "product_risk",
    "regime",
    "rating_version",
    "house_rule",
    "age",
)


@dataclass(frozen=True)
class Suitability:
    """Columns suitability (its outcome), suitability_row and suitability_reasons, and where they are from.

    `relations` follow the relation `asked` of the statement, `joined` goes on from `timed AS n`; `recorded`
    are further pairs of the snapshot over `t`.
    """

    columns: str
    relations: str = ""
    joined: str = ""
    recorded: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)


WITHOUT = Suitability(
    "NULL::text AS suitability, ''::text AS suitability_row, '{}'::text[] AS suitability_reasons"
)


def of_product(selection: Selection, now: datetime) -> Suitability:
    """The message table over the members asked about and the copy's product.

    What one person or a service event sends to one member is no broadcast, whatever else is.
    """
    table = _table()
    return Suitability(
        columns="s.outcome AS suitability, coalesce(s.code, '') AS suitability_row,"
        f" coalesce(s.reasons, '{{}}') AS suitability_reasons, {_columns('s')}",
        relations=_sql("suited").format(
            kept=f"f.member_id, {_columns('f')}",
            facts=facts_sql(_ASKED),
            line=table.line,
            code=table.code,
            outcome=table.outcome,
            reasons=table.reasons,
        ),
        joined="LEFT JOIN suited AS s ON s.member_id = n.member_id",
        recorded=f", 'message_table', '{MESSAGE.version}', "
        + ", ".join(f"'{name}', t.{name}" for name in _RECORDED),
        parameters={**moment(now), "is_broadcast": selection is not Selection.ONE},
    )


def _columns(relation: str) -> str:
    return ", ".join(f"{relation}.{name}" for name in _RECORDED)


@cache
def _table() -> TableSql:
    return to_sql(MESSAGE, {"f": "f"}, line="s.line")
