"""Members with a buy each on average, skewed, and a programme whose earn rule has all its limits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import connection

from benchmarks.loading import indexes_last
from benchmarks.restage import say
from crm.staff.four_eyes import requests
from crm.staff.models import Role, Staff
from members.loyalty.models import Programme, Tier
from members.loyalty.points.configuration import earn_rules
from members.loyalty.points.configuration.earn_rule_draft import EarnRuleDraft

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
START = NOW - timedelta(days=40)
RULE = EarnRuleDraft(
    activity="transaction",
    where=[{"property": "kind", "op": "=", "value": "buy"}],
    points=1,
    per="amount",
    unit="100",
    multipliers={"basic": "1", "gold": "1.5"},
    cap_day=500,
    cap_month=5_000,
    expiry="rolling",
    expiry_months=24,
)
_SQL = Path(__file__).parent / "sql"


def build(members: int) -> int:
    """Fill a fresh database; returns the programme's id. What it earned is still to be drained."""
    with connection.cursor() as cursor:
        say(f"loading {members:,} members")
        cursor.execute("SET ROLE NONE; SET session_replication_role = replica")
        with indexes_last(cursor, ("profiles_member", "portfolio_transaction")):
            for part in (_SQL / "load.sql").read_text().split(";\n"):
                cursor.execute(part, {"members": members, "now": NOW})
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("RESET ROLE")
    programme = Programme.objects.create(code="main", name="Bench", is_main=True, made_at=START)
    for rank, code in enumerate(("basic", "gold")):
        Tier.objects.create(programme=programme, rank=rank, code=code, name=code)
    asked = earn_rules.propose(
        programme,
        "buys",
        RULE,
        name="Buys",
        effective_from=START,
        reason="benchmark",
        maker=_staff(Role.OPERATIONS),
        now=START,
    )
    requests.approve(request_id=asked.pk, checker=_staff(Role.COMPLIANCE), opinion="benchmark", now=START)
    return programme.pk


def mark_all() -> None:
    """Have every member's buys looked at, as their writes would have."""
    with connection.cursor() as cursor:
        cursor.execute((_SQL / "mark.sql").read_text(), {"since": START})
        cursor.execute("SET ROLE NONE")
        cursor.execute("VACUUM ANALYZE loyalty_earnmark")
        cursor.execute("CHECKPOINT")
        cursor.execute("RESET ROLE")


def _staff(role: Role) -> Staff:
    return Staff.objects.create(username=role, display_name=role, role=role)
