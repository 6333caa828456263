"""Set members apart whose evaluation fails, so that one bad member never stops the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from django.db import connection, transaction

from members.lifecycle.evaluation.evaluate import execute
from members.lifecycle.evaluation.isolate import FailedMember, isolate
from members.lifecycle.models import EvaluationFailure

R = TypeVar("R")
_SAVE_CLAIM = """
CREATE TEMP TABLE IF NOT EXISTS _batch (LIKE _claim);
TRUNCATE _batch;
INSERT INTO _batch SELECT * FROM _claim
"""
_NARROW_CLAIM = """
TRUNCATE _claim, _pair, _answer, _stage_change;
INSERT INTO _claim SELECT * FROM _batch WHERE member_id >= %(low)s AND member_id <= %(high)s
"""
_SET_APART = """
INSERT INTO lifecycle_evaluationfailure AS known
    (member_id, code, sqlstate, policy_version, since, until, failed_at, tried_at, attempts)
SELECT member_id, f.code, f.sqlstate, %(policy_version)s, b.from_at, greatest(b.until, b.from_at, %(now)s),
       %(now)s, %(now)s, 1
FROM unnest(%(ids)s::bigint[], %(codes)s::text[], %(sqlstates)s::text[]) AS f (member_id, code, sqlstate)
JOIN _batch b USING (member_id)
ON CONFLICT (member_id) DO UPDATE SET
    code = excluded.code, sqlstate = excluded.sqlstate, policy_version = excluded.policy_version,
    since = least(known.since, excluded.since), until = greatest(known.until, excluded.until),
    tried_at = greatest(known.tried_at, excluded.tried_at), attempts = known.attempts + 1
"""
_RETRY = """
INSERT INTO lifecycle_dirty (member_id, since, until)
SELECT member_id, since, until FROM lifecycle_evaluationfailure WHERE {which}
"""


def process_in_parts(process: Callable[[int], R], parameters: dict[str, Any]) -> tuple[list[R], int]:
    """Process a claimed batch that fails as a whole: process(members) with _claim narrowed to parts of it.

    Members that fail alone are set apart. Returns the results of the parts and how many failed. Runs in the
    batch's transaction; each part is a savepoint.
    """
    execute(_SAVE_CLAIM)

    def part(member_ids: Sequence[int]) -> R:
        with transaction.atomic():
            execute(_NARROW_CLAIM, {"low": member_ids[0], "high": member_ids[-1]})
            return process(len(member_ids))

    with connection.cursor() as cursor:
        cursor.execute("SELECT member_id FROM _batch ORDER BY member_id")
        claimed = [member_id for (member_id,) in cursor.fetchall()]
    results, failed = isolate(part, claimed)
    _set_apart(failed, parameters)
    return results, len(failed)


def _set_apart(failed: list[FailedMember], parameters: dict[str, Any]) -> None:
    given = {
        "ids": [one.member_id for one in failed],
        "codes": [one.code.value for one in failed],
        "sqlstates": [one.sqlstate for one in failed],
    }
    execute(_SET_APART, {**parameters, **given})


def delete_failures_of_claim() -> None:
    """The members of _claim have been evaluated."""
    execute(
        "DELETE FROM lifecycle_evaluationfailure f USING _claim c WHERE f.member_id = c.member_id",
    )


def retry_under_policy(version: int) -> None:
    """Queue members that failed under another policy version than this one."""
    execute(_RETRY.format(which="policy_version <> %(version)s"), {"version": version})


def retry(member_ids: Iterable[int] | None = None) -> int:
    """Queue failed members to be evaluated again, all of them or some; returns how many are queued."""
    if member_ids is None:
        return execute(_RETRY.format(which="true"))
    return execute(_RETRY.format(which="member_id = ANY(%(ids)s)"), {"ids": list(member_ids)})


def failure_of(member_id: int) -> EvaluationFailure | None:
    """Why this member could not be evaluated, if so."""
    return EvaluationFailure.objects.filter(pk=member_id).first()
