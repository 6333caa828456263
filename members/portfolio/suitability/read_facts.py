"""Reads the facts of the tables: one relation over members and products, for pages and for the gate alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from crm.runtime.clock import day_of
from crm.runtime.sql_files import sql_beside

_FACTS = sql_beside(__file__)("facts")
# Members and products given by id; no products (NULL): all of them.
ASKED = """
SELECT m.id AS member_id, p.id AS product_id
FROM unnest(%(members)s::bigint[]) AS m(id)
JOIN portfolio_product AS p ON %(products)s::bigint[] IS NULL OR p.id = ANY(%(products)s)
"""


def facts_sql(asked: str = ASKED) -> str:
    """The relation of facts: member_id, product_id, a column for each fact that is stored, and versions.

    `asked` is a statement that gives member_id and product_id. The relation reads the parameters of
    `moment`; `is_broadcast`, `may_sell`, `is_own_initiative`, `is_confirmed` and `is_procedure_done` are
    what the caller adds.
    """
    return _FACTS.replace("{asked}", asked)


def moment(now: datetime) -> dict[str, Any]:
    """The parameters that the relation reads."""
    return {"now": now, "today": day_of(now)}


@dataclass(frozen=True)
class Facts:
    """What is known of one member and one product: `values` by column."""

    member_id: int
    product_id: int
    values: Mapping[str, Any]


def read_facts(member_ids: Sequence[int], product_ids: Sequence[int] | None, now: datetime) -> list[Facts]:
    """The facts of these members and products (None: of all products). One query."""
    given = {"members": list(member_ids), "products": None if product_ids is None else list(product_ids)}
    with connection.cursor() as cursor:
        cursor.execute(facts_sql(), {**given, **moment(now)})
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [Facts(row.pop("member_id"), row.pop("product_id"), row) for row in rows]
