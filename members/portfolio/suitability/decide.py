"""Decides which products may be offered to a member now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from members.portfolio.suitability.read_facts import ASKED, facts_sql, moment, read_facts
from members.portfolio.suitability.tables.facts import Outcome
from members.portfolio.suitability.tables.message import MESSAGE, Reason
from members.rules.decision_tables.decide import Decision, decide
from members.rules.decision_tables.to_sql import to_sql

# A message to one member, whom somebody chose: the facts that its sender adds.
ONE_MEMBER = {"is_broadcast": False}
_ALLOWED = """
SELECT j.product_id FROM (
    SELECT f.product_id, f.product_risk, {line} AS line
    FROM (SELECT facts.*, false AS is_broadcast FROM ({facts}) AS facts) AS f OFFSET 0
) AS j
WHERE {outcome} <> %(forbid)s ORDER BY j.product_risk, j.product_id
"""


@dataclass(frozen=True)
class Suitability:
    """One product for one member: the decision of the message table and the facts it was made by."""

    product_id: int
    decision: Decision
    facts: Mapping[str, Any]

    @property
    def outcome(self) -> Outcome:
        return Outcome(self.decision.outcome)

    @property
    def is_allowed(self) -> bool:
        """Whether the product may be offered, with caution or without."""
        return self.outcome is not Outcome.FORBID


def check_suitability(member_id: int, now: datetime, products: list[int] | None = None) -> list[Suitability]:
    """Every product (or these) for one member by the message table, the least risky first. One query."""
    found = read_facts([member_id], products, now)
    found.sort(key=lambda one: (one.values["product_risk"] or 0, one.product_id))
    return [
        Suitability(one.product_id, decide(MESSAGE, {**one.values, **ONE_MEMBER}), one.values)
        for one in found
    ]


def allowed_products(member_id: int, now: datetime) -> list[int]:
    """The ids of the products that may be offered to a member, the least risky first. One query."""
    table = to_sql(MESSAGE, {"f": "f"})
    sql = _ALLOWED.format(line=table.line, outcome=table.outcome, facts=facts_sql(ASKED))
    given = {"members": [member_id], "products": None, "forbid": Outcome.FORBID.value}
    with connection.cursor() as cursor:
        cursor.execute(sql, {**given, **moment(now)})
        return [row[0] for row in cursor.fetchall()]


def is_above_class(facts: Mapping[str, Any]) -> bool:
    """Whether a product is riskier than the member's class allows (M7), whatever else holds.

    False where there is no class to compare with.
    """
    return Reason.ABOVE_CLASS in decide(MESSAGE, {**facts, **ONE_MEMBER}).reasons
