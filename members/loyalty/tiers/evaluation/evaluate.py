"""Evaluate tiers: a pure function of facts, policy versions, overrides and the day (docs/loyalty.md).

Callers fill _tier_claim between prepare() and evaluate(), in one transaction; store() writes what was
found.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from crm.runtime.clock import day_of
from crm.runtime.sql_files import sql_beside
from members.lifecycle.evaluation.evaluate import execute, zone_parameters
from members.loyalty.models import TierPolicy

_sql = sql_beside(__file__)
_TABLES = (
    "_tier_policy, _tier_threshold, _tier_claim, _tier_piece, _tier_points, _tier_event, _tier_change,"
    " _tier_state, _tier_next"
)


@dataclass
class Stored:
    """What was written: changes added, and changes that no longer hold."""

    added: int = 0
    superseded: int = 0


def parameters_of(programme: int, now: datetime) -> dict[str, Any]:
    """What the statements of a run refer to. One query."""
    today = day_of(now)
    policies = list(TierPolicy.objects.filter(programme=programme))
    windows = [one.window_days for one in policies if any("points" in each for each in one.thresholds)]
    last = today + timedelta(days=max(windows, default=0))
    return {
        **zone_parameters(),
        "programme": programme,
        "now": now,
        "today": today,
        "points": bool(windows),
        "rules_start": min((one.effective_from for one in policies), default=today),
        # The month after next: from then on nothing but points that leave their period changes a metric.
        "horizon": _month_after(_month_after(last)),
    }


def _month_after(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def prepare() -> None:
    """Make the working tables, or empty them where this transaction has used them already."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('pg_temp._tier_claim') IS NULL")
        if cursor.fetchone()[0]:
            cursor.execute(_sql("temp_tables"))
            return
        cursor.execute("SELECT EXISTS (SELECT FROM _tier_claim) OR EXISTS (SELECT FROM _tier_policy)")
        if cursor.fetchone()[0]:
            cursor.execute(f"TRUNCATE {_TABLES}")


def evaluate(parameters: dict[str, Any]) -> None:
    """Fill _tier_state, _tier_change and _tier_next for each member of _tier_claim."""
    execute(_sql("policies"), parameters)
    execute("ANALYZE _tier_claim, _tier_policy, _tier_threshold")
    execute(_sql("pieces"), parameters)
    execute("ANALYZE _tier_piece")
    points = {"points_days": "", "points_value": "NULL::bigint"}
    if parameters["points"]:
        execute(_sql("points"), parameters)
        execute("ANALYZE _tier_points")
        points = {name: _sql(name) for name in points}
    execute(_sql("events").format(**points), parameters)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('perennial.tier_day', %s, true)", [parameters["today"].isoformat()])
        cursor.execute(_sql("fold"))


def store(parameters: dict[str, Any]) -> Stored:
    """Write standings and changes of the evaluated members, and publish what changed."""
    superseded = execute(_sql("supersede_changes"), parameters)
    added = execute(_sql("add_changes"), parameters)
    execute(_sql("store_standings"), parameters)
    return Stored(added=added, superseded=superseded)
