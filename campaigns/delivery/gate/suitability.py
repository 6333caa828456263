"""What suitability says of members and the product of a copy, as columns of the gate's statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
# Facts that suitability reads, as they are recorded with a verdict: of the member, and of the product.
_OF_EACH = ("risk_class", "risk_assessed_on", "age")
_OF_ALL = ("product_risk", "regime", "rating_version", "house_rule")


@dataclass(frozen=True)
class Suitability:
    """Columns suitability (its outcome) and suitability_line, and where they are from.

    `relations` follow the relation `asked` of the statement; one of them is `suit_read`, which gives code and
    reasons for a line. `joined` goes on from `timed AS n`, `product` from `copy AS c`; `of_each` and `of_all`
    are further pairs of the snapshot, over `t` and over `p`.
    """

    columns: str
    relations: str
    joined: str = ""
    product: str = ""
    of_each: str = ""
    of_all: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)


WITHOUT = Suitability(
    "NULL::text AS suitability, 0::bigint AS suitability_line",
    "suit_read AS (SELECT NULL::bigint AS line, NULL::text AS code, NULL::text[] AS reasons WHERE false),",
)


def of_product(selection: Selection, now: datetime) -> Suitability:
    """The message table over the members asked about and the copy's product.

    What one person or a service event sends to one member is no broadcast, whatever else is.
    """
    table = _table()
    return Suitability(
        columns="s.outcome AS suitability, coalesce(s.line, 0) AS suitability_line, "
        + _columns("s", _OF_EACH),
        relations=_sql("suited").format(
            kept=f"f.member_id, {_columns('f', _OF_EACH + _OF_ALL)}",
            of_each=_columns("l", _OF_EACH),
            of_all=_columns("f", _OF_ALL),
            facts=facts_sql(_ASKED),
            line=table.line,
            code=table.code,
            outcome=table.outcome,
            reasons=table.reasons,
        ),
        joined="LEFT JOIN suited AS s ON s.member_id = n.member_id",
        product="LEFT JOIN suit_product AS p ON true",
        of_each=_pairs("t", _OF_EACH),
        of_all=f", 'message_table', '{MESSAGE.version}'" + _pairs("p", _OF_ALL),
        parameters={**moment(now), "is_broadcast": selection is not Selection.ONE},
    )


def _columns(relation: str, names: Sequence[str]) -> str:
    return ", ".join(f"{relation}.{name}" for name in names)


def _pairs(relation: str, names: Sequence[str]) -> str:
    return "".join(f", '{name}', {relation}.{name}" for name in names)


@cache
def _table() -> TableSql:
    return to_sql(MESSAGE, {"f": "f"}, line="s.line")
