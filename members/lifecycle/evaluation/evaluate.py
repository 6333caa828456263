"""Evaluate the stage rules: for (member, instant) pairs, or for all members of an id range at an instant.

Both forms share sql/decide.sql, which is docs/lifecycle.md in SQL; they differ in how they read the facts.
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
from crm.runtime.database.prepared import execute_prepared
from crm.runtime.sql_files import sql_beside
from members.lifecycle.models import Policy
from members.lifecycle.policy_versions import policy_at

_dumps = partial(json.dumps, cls=DjangoJSONEncoder)
_sql = sql_beside(__file__)


def zone_parameters() -> dict[str, Any]:
    """The platform's zone for SQL: its name, the instant from which its offset never changes, and the offset.

    The offset is text in seconds: PostgreSQL takes no interval with days, as a negative timedelta has.
    """
    since, offset = clock.fixed_offset_since(settings.BUSINESS_TIME_ZONE)
    seconds = f"{offset.total_seconds():.0f} seconds"
    return {"zone": settings.BUSINESS_TIME_ZONE, "stable_from": since, "offset": seconds}


def execute(statement: str, parameters: Mapping[str, Any] | None = None) -> int:
    """Execute one statement with the platform's zone among its parameters; returns the number of rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, {**zone_parameters(), **(parameters or {})})
        return cursor.rowcount


def execute_planned_once(statement: str, parameters: Mapping[str, Any] | None = None) -> int:
    """Execute a statement that each connection plans once, for batches of any size.

    Inside a transaction only; returns the number of rows.
    """
    execute("SET LOCAL plan_cache_mode = force_generic_plan")
    return execute_prepared(statement, {**zone_parameters(), **(parameters or {})})


@contextmanager
def planner_without(*methods: str) -> Iterator[None]:
    """Keep the planner from join methods ("nestloop", "hashjoin", …) within. Inside a transaction only."""
    execute("; ".join(f"SET LOCAL enable_{method} = off" for method in methods))
    yield
    execute("; ".join(f"SET LOCAL enable_{method} = on" for method in methods))


# With fewer pairs a batch is small: the planner needs no statistics of the working tables for it.
LARGE = 2_000
_MOST_PAGES = 64  # fewer than the answers of a large batch fill
_PAGES = """
SELECT max(pg_relation_size(to_regclass('pg_temp.' || name))) / current_setting('block_size')::integer
FROM unnest('{_locked, _claim, _pair, _answer, _stage_change, _assumed}'::text[]) AS name
"""
_EMPTY = """
DELETE FROM _locked; DELETE FROM _claim; DELETE FROM _pair; DELETE FROM _answer; DELETE FROM _stage_change;
DELETE FROM _assumed
"""


def prepare_temp_tables() -> None:
    """Create the session's working tables, or empty them.

    After a small batch their rows are deleted: a truncated table costs more, and has every statement planned
    again that reads it. After a large one they are truncated, which also forgets how many rows they had.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PAGES)
        (pages,) = cursor.fetchone()
        if pages is None:
            cursor.execute(_sql("temp_tables"))
        elif pages > _MOST_PAGES:
            cursor.execute("TRUNCATE _locked, _claim, _pair, _answer, _stage_change, _assumed")
        else:
            cursor.execute(_EMPTY)


_EVALUATE_PAIRS = """
WITH pair AS (SELECT * FROM _pair),
policies AS (SELECT * FROM lifecycle_policy),
claimed AS (SELECT member_id, first_invested_at FROM _claim),
assumed AS (SELECT * FROM _assumed),
{point_facts},
{decide}
{insert_answers}
"""


def evaluate_pairs() -> None:
    """Append to _answer the answer of every row of _pair.

    Members of _assumed, which may have one pair each, are evaluated as if a valuation of the pair's day had
    come with those assets.
    """
    parts = ("point_facts", "decide", "insert_answers")
    statement = _EVALUATE_PAIRS.format(**{part: _sql(part) for part in parts})
    # The joins as they are written: an index look-up for each pair, however many there are.
    with planner_without("memoize", "hashjoin", "mergejoin"):
        execute("SET LOCAL join_collapse_limit = 1")
        execute_planned_once(statement)
        execute("SET LOCAL join_collapse_limit = 8")


@dataclass(frozen=True)
class AsOf:
    """One instant at which many members are evaluated, with its platform day and the policy to apply."""

    at: datetime
    day: date
    policy: Policy

    @classmethod
    def of(cls, at: datetime, policy: Policy | None = None) -> AsOf:
        """The instant with the policy in force then, or another one that need not be stored."""
        return cls(at, clock.day_of(at), policy or policy_at(at))

    def check_policy(self) -> None:
        """Raise DataError where the database cannot take the policy's values: a fault of no member."""
        statement = (
            "SELECT FROM jsonb_populate_record(NULL::lifecycle_policy, %(policy)s) p WHERE p.version > 0"
        )
        execute(statement, self.parameters(0, 0))

    def parameters(self, low: int, high: int) -> dict[str, Any]:
        """For range_facts.sql: members with low <= id < high."""
        return {
            "low": low,
            "high": high,
            "at": self.at,
            "day": self.day,
            "window_start": self.day - timedelta(days=self.policy.window_days - 1),
            "policy_version": self.policy.version,
            "policy": Jsonb(model_to_dict(self.policy, exclude=["created_at"]), dumps=_dumps),
        }


# The policy as a value, since trials evaluate policies that are not stored; standings of this range only.
_GIVEN_POLICY = "WITH policies AS (SELECT * FROM jsonb_populate_record(NULL::lifecycle_policy, %(policy)s))"
_STANDINGS = """standings AS NOT MATERIALIZED (
    SELECT * FROM lifecycle_standing WHERE member_id >= %(low)s AND member_id < %(high)s
)"""


def evaluate_range(
    as_of: AsOf, low: int, high: int, ending: str, parameters: Mapping[str, Any] | None = None
) -> list[Any]:
    """Evaluate all members with low <= id < high and return the rows of `ending`.

    `ending` is SQL that reads `answers`, and in `standings` what is stored of the same members. All of it
    sees one state of the database.
    """
    parts = [_GIVEN_POLICY, _STANDINGS, _sql("range_facts"), f"{_sql('decide')} {ending}"]
    statement = ", ".join(parts)
    given = {**zone_parameters(), **as_of.parameters(low, high), **(parameters or {})}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(statement, given)
        return cursor.fetchall()
