"""Evaluate the stage rules: for (member, instant) pairs, or for all members of an id range at an instant.

Both forms share sql/judge.sql, which is docs/lifecycle.md in SQL; they differ in how they read the facts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.forms import model_to_dict
from psycopg.types.json import Jsonb

from crm.runtime import clock
from crm.runtime.sql_files import sql_beside
from members.lifecycle.models import Policy
from members.lifecycle.policy.versions import policy_at

_dumps = partial(json.dumps, cls=DjangoJSONEncoder)
_sql = sql_beside(__file__)


def zone_parameters() -> dict[str, Any]:
    """The platform's zone for SQL: its name, and since when it keeps which offset for ever."""
    since, offset = clock.fixed_offset_since(settings.BUSINESS_TIME_ZONE)
    # In seconds: an interval with days in it, as a negative timedelta has, is no offset to PostgreSQL.
    seconds = f"{offset.total_seconds():.0f} seconds"
    return {"zone": settings.BUSINESS_TIME_ZONE, "stable_from": since, "offset": seconds}


def run(statement: str, parameters: Mapping[str, Any] | None = None) -> int:
    """Execute one statement with the platform's zone among its parameters; returns the number of rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, {**zone_parameters(), **(parameters or {})})
        return cursor.rowcount


@contextmanager
def without(*ways: str) -> Iterator[None]:
    """Inside a transaction: no such ways of joining ("nestloop") for the statements within."""
    run("; ".join(f"SET LOCAL enable_{way} = off" for way in ways))
    yield
    run("; ".join(f"SET LOCAL enable_{way} = on" for way in ways))


def prepare_tables() -> None:
    """Make the session's working tables, or empty them."""
    with connection.cursor() as cursor:
        cursor.execute(_sql("tables"))
        cursor.execute("TRUNCATE _held, _claim, _pair, _base, _mark, _answer, _line")


_READ_BASE = """
INSERT INTO _base
WITH pair AS (SELECT * FROM _pair),
policies AS (SELECT * FROM lifecycle_policy),
claimed AS (SELECT member_id, first_invested_at FROM _claim)
{base}
"""
_READ_MARKS = """
WITH base AS (SELECT * FROM _base),
{marks}
INSERT INTO _mark SELECT * FROM marks
"""
_JUDGE_POINTS = """
WITH policies AS (SELECT * FROM lifecycle_policy),
base AS (SELECT * FROM _base),
marks AS (SELECT * FROM _mark),
{walk},
{paths},
{judge}
{answer}
"""


def evaluate_pairs() -> None:
    """Append to _answer the answer of every row of _pair.

    The planner knows nothing of window functions over unions: left alone it joins the intermediate
    results by nested loops. Only the look-ups by index may be.
    """
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE _base, _mark; ANALYZE _pair")
        cursor.execute("SET LOCAL enable_memoize = off; SET LOCAL join_collapse_limit = 1")
        run(_READ_BASE.format(base=_sql("point_base")))
        cursor.execute("SET LOCAL enable_memoize = on; SET LOCAL join_collapse_limit = 8")
        cursor.execute("ANALYZE _base (member_id, at)")
        run(_READ_MARKS.format(marks=_sql("point_marks")))
        parts = {"walk": "paths", "paths": "point_paths", "judge": "judge", "answer": "answer"}
        with without("nestloop"):
            run(_JUDGE_POINTS.format(**{part: _sql(name) for part, name in parts.items()}))


@dataclass(frozen=True)
class Moment:
    """One instant at which many members are evaluated, with what follows from it."""

    at: datetime
    day: date
    policy: Policy

    @classmethod
    def of(cls, at: datetime, policy: Policy | None = None) -> Moment:
        return cls(at, clock.day_of(at), policy or policy_at(at))

    def parameters(self, low: int, high: int) -> dict[str, Any]:
        """For range_facts.sql: members with low <= id < high."""
        window = max(self.policy.fall_window_days, self.policy.mature_days)
        return {
            "low": low,
            "high": high,
            "at": self.at,
            "day": self.day,
            "window_start": self.day - timedelta(days=window - 1),
            "policy_version": self.policy.version,
            "policy": Jsonb(model_to_dict(self.policy, exclude=["created_at"]), dumps=_dumps),
        }


# Both as values: a policy can be tried that is not stored, and the standings of other ranges are not read.
_GIVEN_POLICY = "WITH policies AS (SELECT * FROM jsonb_populate_record(NULL::lifecycle_policy, %(policy)s))"
_STANDINGS = """standings AS NOT MATERIALIZED (
    SELECT * FROM lifecycle_standing WHERE member_id >= %(low)s AND member_id < %(high)s
)"""


def read_range(
    moment: Moment, low: int, high: int, ending: str, parameters: Mapping[str, Any] | None = None
) -> list[Any]:
    """Judge all members with low <= id < high and return the rows of `ending`.

    It reads `judged`, and in `standings` what is stored of the same members.
    All its statements see one state of the database.
    """
    facts = [_GIVEN_POLICY, _STANDINGS, _sql("range_facts"), _sql("paths"), _sql("range_paths")]
    statement = ", ".join([*facts, f"{_sql('judge')} {ending}"])
    given = {**zone_parameters(), **moment.parameters(low, high), **(parameters or {})}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(statement, given)
        return cursor.fetchall()
