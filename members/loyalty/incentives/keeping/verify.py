"""The nightly proof: ask every rule of all members and compare with what is stored."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError, connection, transaction

from crm.runtime.sql_files import sql_beside
from members.loyalty.incentives.keeping.compiled import compile_rule, live_rules
from members.loyalty.incentives.keeping.failures import is_its_own, retry, set_apart
from members.loyalty.incentives.keeping.keep import Progress, keep
from members.loyalty.models import KeptRule
from members.rules.compiling.condition import from_clause

_sql = sql_beside(__file__)
JOB = "verify badges and quests"  # the name its runs are recorded under

_MARK_ON_QUEST = """
INSERT INTO loyalty_incentive_dirty (member_id, source)
SELECT q.member_id, (SELECT min(t.table_name) FROM loyalty_incentive_read t WHERE t.rule_id = r.id)
FROM loyalty_keptrule r
JOIN loyalty_questprogress q ON q.version_id = r.version_id
 AND q.completed_at IS NULL AND q.superseded_at IS NULL
WHERE r.id = ANY(%s) AND r.position > 0
"""


class Differing(RuntimeError):
    """What is stored is not what the rules say."""


@dataclass(frozen=True)
class Difference:
    """How one rule differs: members `missing` and `extra` among who matches; `unrecorded`: nothing followed.

    What follows from matching is an award, a quest or a step.
    """

    rule: int
    missing: int
    extra: int
    unrecorded: int


def verify_nightly(*, now: datetime, progress: Progress | None = None) -> dict[str, Any]:
    """Keep what waits (also what failed), compare, have rules that differ computed again.

    Returns the facts for the record of the run.
    """
    retry()
    keep(now=now)
    rules, differing = verify(now=now, progress=progress)
    if differing:
        _correct([one.rule for one in differing])
        keep(now=now)
    return {
        "rules": rules,
        "differing": len(differing),
        "missing": sum(one.missing for one in differing),
        "extra": sum(one.extra for one in differing),
        "unrecorded": sum(one.unrecorded for one in differing),
        "failed": KeptRule.objects.filter(failed_at__isnull=False).count(),
        "samples": [asdict(one) for one in differing[:20]],
    }


@transaction.atomic
def _correct(wrong: list[int]) -> None:
    """Have these rules asked of all members again, steps of those on the quest."""
    rules = KeptRule.objects.filter(pk__in=wrong)
    rules.filter(position=0).update(computed_at=None, writers=None)
    with connection.cursor() as cursor:
        cursor.execute(_MARK_ON_QUEST, [wrong])


def verify(*, now: datetime, progress: Progress | None = None) -> tuple[int, list[Difference]]:
    """The number of rules compared, and those that differ."""
    number, differing = 0, []
    for rule in live_rules(now):
        if rule.computed_at is None:
            continue
        found = _compare(rule, now)
        if found is None:
            continue
        number += 1
        if any(found):
            differing.append(Difference(rule.pk, *found))
        if progress:
            progress(number)
    return number, differing


def _compare(rule: KeptRule, now: datetime) -> tuple[int, int, int] | None:
    try:
        with transaction.atomic():
            one = compile_rule(rule, now)
            text = _sql(f"compare_{one.outcome}").format(
                condition=one.condition.sql, source=from_clause(one.condition.sources)
            )
            missing, extra, unrecorded = one.execute(text)
    except (DatabaseError, ValueError) as error:
        if isinstance(error, DatabaseError) and not is_its_own(error):
            raise
        set_apart(rule, error, now)
        return None
    return int(missing), int(extra), int(unrecorded)


def differences(found: dict[str, Any]) -> str:
    """What differs, for the failure of the run; empty where nothing does."""
    if not found["differing"]:
        return ""
    return (
        f"{found['differing']} rules, {found['missing']} members missing, {found['extra']} too many,"
        f" {found['unrecorded']} unrecorded"
    )
