"""Budgets: how many points a rule may still grant, and that it stops when there are none left."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from crm.runtime.background import changes
from members.loyalty.models import EarnTally, PointsBudget
from members.loyalty.points.earning.rules import Rule

STOPPED = "points.budget_spent"  # a kind of the change queue
_RECORD = """
UPDATE loyalty_earntally
SET granted = granted + %(granted)s - %(returned)s,
    skipped = skipped + %(withheld)s,
    stopped_at = CASE
        WHEN %(withheld)s > 0 AND (%(granted)s > 0 OR stopped_at IS NULL) THEN %(now)s
        WHEN %(withheld)s = 0 AND %(granted)s > 0 THEN NULL
        ELSE stopped_at
    END
WHERE rule_id = %(rule)s
RETURNING stopped_at = %(now)s
"""


def budget_left(rule: Rule, now: datetime) -> int | None:
    """Points that the rule may still grant by its own budget and its programme's; None: as many as it likes.

    Holds the tallies that it compares until the transaction ends. A rule that has stopped grants nothing
    until a budget starts after that.
    """
    budgets = PointsBudget.objects.filter(programme=rule.programme_id, effective_from__lte=now)
    programme = budgets.order_by("-effective_from").first()
    started = [one.version for one in rule.versions if one.version.effective_from <= now]
    own = started[-1] if started and started[-1].budget is not None else None
    if programme is None and own is None:
        return None
    tallies = EarnTally.objects.filter(rule__programme=rule.programme_id)
    if programme is None:
        tallies = tallies.filter(rule=rule.pk)
    held = {one.rule_id: one for one in tallies.order_by("rule").select_for_update(of=("self",))}
    mine = held[rule.pk]
    starts = [one.effective_from for one in (programme, own) if one is not None]
    if mine.stopped_at is not None and mine.stopped_at >= max(starts):
        return 0
    left = []
    if own is not None and own.budget is not None:
        left.append(own.budget - mine.granted)
    if programme is not None:
        left.append(programme.points - sum(one.granted for one in held.values()))
    return max(0, min(left))


def record_granted(rule_id: int, *, granted: int, returned: int, withheld: int, now: datetime) -> None:
    """Keep what a batch granted and took back; one whose budget withheld points has stopped."""
    if not (granted or returned or withheld):
        return
    given: dict[str, Any] = {
        "granted": granted,
        "returned": returned,
        "withheld": withheld,
        "now": now,
        "rule": rule_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, given)
        (stopped,) = cursor.fetchone()
    if withheld and stopped:
        changes.append(STOPPED, member_id=None, payload={"rule": rule_id}, at=now)
