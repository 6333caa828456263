"""How many members would have a badge, or start a quest, now: in all and for each stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from crm.runtime.sql_files import sql_beside
from members.rules.compiling.condition import compile, from_clause
from members.rules.language.parse import parse

_sql = sql_beside(__file__)
COUNTED = 50_000  # members up to whom everybody is asked; of more, a sample of so many


@dataclass(frozen=True)
class Preview:
    """Members who match by stage ("" for none), as many of the sample as it stands for.

    `sampled`: how many were asked where it is an estimate, else None.
    """

    by_stage: Mapping[str, int]
    sampled: int | None

    @property
    def members(self) -> int:
        return sum(self.by_stage.values())


def would_have(rule: Any, now: datetime) -> Preview:
    """Ask a rule (JSON as stored) of everybody, or of a sample. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT greatest(reltuples, 0) FROM pg_class WHERE oid = 'profiles_member'::regclass")
        known = float(cursor.fetchone()[0])
        share = min(1.0, COUNTED / known) if known else 1.0
        condition = compile(parse(rule), now, few=share < 1)
        sample = "TABLESAMPLE SYSTEM (%(percent)s) REPEATABLE (1)" if share < 1 else ""
        statement = _sql("preview").format(
            source=from_clause(condition.sources), condition=condition.sql, sample=sample
        )
        cursor.execute(statement, {**condition.parameters, "percent": share * 100})
        rows = cursor.fetchall()
    asked = sum(row[2] for row in rows)
    scale = known / asked if share < 1 and asked else 1.0
    by_stage = {stage: round(matching * scale) for stage, matching, _all in rows if matching}
    return Preview(by_stage, asked if share < 1 else None)
