"""Compute a new version of a badge or quest from all members, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from django.db import DatabaseError, connection, transaction

from crm.runtime.database.writers import oldest_writer
from members.loyalty.incentives.keeping.compiled import (
    CLAIM_TABLE,
    Compiled,
    compile_rule,
    live_rules,
    step_rules,
)
from members.loyalty.incentives.keeping.failures import is_its_own, set_apart
from members.loyalty.incentives.keeping.locks import take_all_parts
from members.loyalty.models import KeptRule

# From transactions before this one the triggers may not have seen the rule. Ids of another cluster, from
# which the data were restored, lie beyond all of this one.
_NOTE_WRITERS = """
UPDATE loyalty_keptrule SET writers = pg_snapshot_xmax(pg_current_snapshot())::text::bigint
WHERE starts_at <= %(now)s AND (ends_at IS NULL OR ends_at > %(now)s)
  AND computed_at IS NULL AND failed_at IS NULL
  AND (writers IS NULL OR writers > pg_snapshot_xmax(pg_current_snapshot())::text::bigint)
"""
# Facts that name no member changed: any member may be concerned. Of a step, those on the quest.
_RECOMPUTE_READERS = """
WITH taken AS (DELETE FROM loyalty_incentive_dirty WHERE member_id IS NULL RETURNING source),
readers AS (
    SELECT r.id, r.position, r.version_id, taken.source FROM loyalty_keptrule r
    JOIN loyalty_incentive_read t ON t.rule_id = r.id JOIN taken ON taken.source = t.table_name
    WHERE r.failed_at IS NULL
),
on_quest AS (
    INSERT INTO loyalty_incentive_dirty (member_id, source)
    SELECT DISTINCT q.member_id, r.source FROM readers r
    JOIN loyalty_questprogress q ON q.version_id = r.version_id
     AND q.completed_at IS NULL AND q.superseded_at IS NULL
    WHERE r.position > 0
)
UPDATE loyalty_keptrule r SET computed_at = NULL, writers = NULL
WHERE r.id IN (SELECT id FROM readers WHERE position = 0)
"""
DecideSteps = Callable[[Compiled, list[Compiled]], None]


class _Overtaken(Exception):
    """The rule was changed while it was computed."""


def recompute_readers_of() -> None:
    """Have rules computed again that read tables whose changed rows name no member."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM loyalty_incentive_dirty WHERE member_id IS NULL)")
        if cursor.fetchone()[0]:
            cursor.execute(_RECOMPUTE_READERS)


def compute_waiting(now: datetime, decide_steps: DecideSteps) -> int:
    """Compute every rule in effect that waits for it; returns how many were.

    One whose facts may still be written by a transaction that does not mark for it yet waits on.
    """
    rules = live_rules(now)
    if all(rule.computed_at or rule.failed_at for rule in rules):
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_NOTE_WRITERS, {"now": now})
    rules = live_rules(now)
    waiting = [rule for rule in rules if rule.computed_at is None and rule.failed_at is None]
    ready = [rule for rule in waiting if rule.writers is not None and _writers_are_over(rule)]
    return sum(_compute(rule, rules, now, decide_steps) for rule in ready)


def _writers_are_over(rule: KeptRule) -> bool:
    oldest = oldest_writer()
    return oldest is None or oldest >= (rule.writers or 0)


def _compute(rule: KeptRule, rules: list[KeptRule], now: datetime, decide_steps: DecideSteps) -> bool:
    """Compute one rule; False where it failed (it is set apart) or was changed meanwhile."""
    try:
        with transaction.atomic():
            _compute_locked(rule, rules, now, decide_steps)
    except _Overtaken:
        return False
    except DatabaseError as error:
        if not is_its_own(error):
            raise
        set_apart(rule, error, now)
        return False
    except ValueError as error:  # the rule names what is not there any more
        set_apart(rule, error, now)
        return False
    return True


def _compute_locked(rule: KeptRule, rules: list[KeptRule], now: datetime, decide_steps: DecideSteps) -> None:
    if rule.position == 0:
        steps = step_rules(rules).get(rule.version_id, {})
        start = replace(compile_rule(rule, now), step_rules=steps)
        take_all_parts()
        with connection.cursor() as cursor:
            cursor.execute(CLAIM_TABLE)
        start.decide("answer_all")
        own = [one for one in rules if one.version_id == rule.version_id and one.position]
        decide_steps(start, [replace(compile_rule(one, now), step_rules=steps) for one in own])
    same = KeptRule.objects.filter(pk=rule.pk, computed_at=None, writers=rule.writers)
    if not same.update(computed_at=now, writers=None):
        raise _Overtaken
