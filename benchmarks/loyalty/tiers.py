"""Tiers: kept after 1 % of the members changed, verified with nothing changed, and a change previewed."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from django.db import connection

from benchmarks.loading import indexes_last
from benchmarks.loyalty.data import NOW
from benchmarks.restage import say, timed
from crm.runtime.clock import day_of
from members.loyalty.models import Programme, Tier, TierPolicy, TierStanding
from members.loyalty.tiers.evaluation.evaluate import parameters_of
from members.loyalty.tiers.keeping.keep import keep
from members.loyalty.tiers.keeping.verify import check_all, verify
from members.loyalty.tiers.policy.draft import draft_policy
from members.loyalty.tiers.policy.propose import create_first_policy
from members.loyalty.tiers.preview.preview import preview_policy

SQL = Path(__file__).parent / "sql"
STARTED = date(2025, 10, 1)
NAMES = (("base", "0"), ("silver", "50000"), ("gold", "300000"), ("black", "1000000"))


def measure(members: int) -> dict[str, Any]:
    """The ratios of tiers to one aggregated read; each is the median of three."""
    _load(members)
    policy = _policy()
    say(f"first review {timed(lambda: keep(now=NOW)):.1f} s")
    _tidy()
    if TierStanding.objects.count() != members:
        raise AssertionError("not everybody has a tier")
    read = median(timed(lambda: _execute("read")) for _ in range(3))
    parameters = parameters_of(policy.programme_id, NOW)
    full = median(timed(lambda: check_all(parameters)) for _ in range(3))
    draft = draft_policy(
        policy.programme_id,
        # Higher for the tier that most members are near to.
        {
            "thresholds": [
                {**one, "average": "60000"} if n == 0 else one for n, one in enumerate(policy.thresholds)
            ]
        },
        effective_from=day_of(NOW) + timedelta(days=1),
        today=day_of(NOW),
    )
    seen = median(timed(lambda: preview_policy(draft)) for _ in range(3))
    changed = [_changed(members, which) for which in range(3)]
    say(f"read {read:.2f} s, full {full:.2f} s, preview {seen:.2f} s, changed {changed}")
    found = verify(now=NOW + timedelta(hours=5), slices=50)
    if found.differing:
        raise AssertionError(f"tiers went wrong: {found}")
    return {
        "tier_incremental_over_read": round(median(changed) / read, 4),
        "tier_full_over_read": round(full / read, 3),
        "preview_over_read": round(seen / read, 3),
    }


def _load(members: int) -> None:
    """Two valuations a month of every member, as loading would leave them."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE; SET session_replication_role = replica")
        with indexes_last(cursor, ("portfolio_valuation",)):
            _execute("valuations", members=members, now=NOW)
        cursor.execute("SET session_replication_role = origin; RESET ROLE")


def _policy() -> TierPolicy:
    """A programme of four tiers by month average, reviewed at month end."""
    made = Programme.objects.create(code="tiers", name="Tiers", made_at=NOW)
    tiers = [
        Tier.objects.create(programme=made, rank=n, code=code, name=code)
        for n, (code, _aum) in enumerate(NAMES)
    ]
    pairs = list(zip(tiers, NAMES, strict=True))[1:]
    thresholds = [{"tier": tier.pk, "average": aum} for tier, (_code, aum) in pairs]
    values = {"metric": "average", "review": "month_end", "upgrade": "at_review", "downgrade": "full"}
    return create_first_policy(made.pk, values | {"thresholds": thresholds}, effective_from=STARTED)


def _execute(name: str, **parameters: Any) -> None:
    with connection.cursor() as cursor:
        for part in (SQL / f"{name}.sql").read_text().split(";\n"):
            cursor.execute(part, parameters)


def _tidy() -> None:
    """Statistics and visibility as autovacuum would leave them."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")
        cursor.execute("RESET ROLE")


def _changed(members: int, which: int) -> float:
    """Seconds until 1 % of the members, who have a new valuation, are reviewed, their marking included."""
    marking = 0.0
    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN (ANALYZE, FORMAT JSON) " + (SQL / "change.sql").read_text(),
            {"day": day_of(NOW), "which": which, "changed": members // 100},
        )
        (plan,) = cursor.fetchone()
    for trigger in plan[0].get("Triggers", ()):
        if trigger["Trigger Name"].startswith("loyalty_tier"):
            marking += trigger["Time"] / 1000
    return round(marking + timed(lambda: keep(now=NOW + timedelta(hours=1 + which))), 3)
