"""Whom an earn rule would have reached lately, and with how many points a month."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from crm.runtime.sql_files import sql_beside
from members.loyalty.models import EarnRuleVersion
from members.loyalty.points.configuration.earn_rule_draft import EarnRuleDraft
from members.loyalty.points.earning.facts import facts_of
from members.loyalty.points.earning.rules import TIER

_sql = sql_beside(__file__)
DAYS = 90  # of facts that are looked at
ROWS = 500_000  # of a table; of a larger one a sample of the members is looked at


@dataclass(frozen=True)
class Preview:
    """Members reached and points granted in a month of 30 days, as in the last 90 days; `capped` are points a
    month that caps withhold, `one_in` says how many members the sample took one of."""

    members: int
    points: int
    capped: int
    one_in: int

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def preview(programme_id: int, draft: EarnRuleDraft, *, now: datetime) -> Preview:
    """What the rule would have brought in the last 90 days. Raises BadRules."""
    version = EarnRuleVersion(pk=0, **draft.columns())
    facts = facts_of(version, now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [facts.table])
        one_in = max(1, round(cursor.fetchone()[0] / ROWS))
        statement = _sql("preview").format(
            table=facts.table,
            row=facts.row,
            at=facts.at,
            amount=facts.amount,
            condition=facts.condition,
            member_condition=facts.member_condition,
            multiplier=_multiplier(draft),
        )
        given: dict[str, Any] = {
            "programme": programme_id,
            "since": now - timedelta(days=DAYS),
            "one_in": one_in,
            "points": draft.points,
            "unit": draft.unit,
            "multipliers": json.dumps(draft.multipliers),
            "cap_day": draft.cap_day,
            "cap_month": draft.cap_month,
        }
        cursor.execute(statement, facts.parameters | given)
        members, points, wanted = cursor.fetchone()
    months = DAYS // 30
    monthly = points * one_in // months
    return Preview(members * one_in, monthly, wanted * one_in // months - monthly, one_in)


def _multiplier(draft: EarnRuleDraft) -> str:
    if not draft.multipliers:
        return "1"
    return f"coalesce((%(multipliers)s::jsonb ->> {TIER})::numeric, 1)"
