"""Restage: bring every member's standing, transitions and warnings up to an instant.

Work is dirty members, due members, and members evaluated under another policy. Each batch is claimed with
SKIP LOCKED and committed whole, so any number of workers may run and any of them may be killed. A batch that
fails because of some members is processed in parts without them (recording/failures.py). A large amount of
work is shared among threads, as many as the machine has cores for.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import current_thread
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import Min

from crm.runtime.clock import day_of
from crm.runtime.sql_files import sql_beside
from members.lifecycle import crash_points
from members.lifecycle.evaluation.evaluate import (
    LARGE,
    evaluate_pairs,
    execute,
    execute_planned_once,
    planner_without,
    prepare_temp_tables,
)
from members.lifecycle.evaluation.isolate import sqlstate_of_data
from members.lifecycle.models import Policy
from members.lifecycle.policy_versions import policy_at
from members.lifecycle.recording.failures import (
    delete_failures_of_claim,
    process_in_parts,
    retry_under_policy,
)
from members.lifecycle.recording.parallel import run_in_threads

_sql = sql_beside(__file__)
JOB = "restage members"  # the name its runs are recorded under
BATCH = 20_000
# Members for which a thread is worth its start: a batch has a fixed cost.
MIN_PER_THREAD = 1_000
THREADS = min(os.cpu_count() or 1, 4)
# The past of members known for longer than this is not recorded, unless `history` is asked for.
NEW_MEMBER = timedelta(days=7)

Progress = Callable[[int], None]


@dataclass
class RestageResult:
    """What a run did: members claimed, transitions added and superseded, batches committed, members that
    failed and are set apart."""

    members: int = 0
    transitions: int = 0
    superseded: int = 0
    batches: int = 0
    failed: int = 0

    def add(self, other: RestageResult) -> None:
        self.members += other.members
        self.transitions += other.transitions
        self.superseded += other.superseded
        self.batches += other.batches
        self.failed += other.failed


def restage(
    *,
    now: datetime,
    history: bool = False,
    batch: int = BATCH,
    threads: int = THREADS,
    progress: Progress | None = None,
) -> RestageResult:
    """Evaluate members that are dirty, due, or evaluated under another policy; other members cost nothing.

    With `history`, members whose past is not recorded yet get the transitions that it implies. `progress` is
    called in this thread, after batches that this thread commits, with the members done by all threads.
    """
    parameters = parameters_of(now, history, batch)
    claims = ["claim_dirty", *["claim_history"] * history, "claim_policy", "claim_due"]
    retry_under_policy(parameters["policy_version"])
    waiting = _count_pending(parameters, batch * threads)
    if waiting < 2 * MIN_PER_THREAD:
        threads = 1
    parameters["batch"] = min(batch, max(MIN_PER_THREAD, -(-waiting // threads)))
    parts: list[RestageResult] = []

    def work() -> None:
        for claim in claims:
            while (done := _restage_batch(claim, parameters)).members:
                parts.append(done)
                if progress and current_thread() is caller:
                    progress(sum(part.members for part in parts))

    caller = current_thread()
    run_in_threads(work, threads)
    total = RestageResult()
    for part in parts:
        total.add(part)
    return total


def _count_pending(parameters: dict[str, Any], most: int) -> int:
    """Members that could be claimed, counted up to `most` of each kind."""
    with connection.cursor() as cursor:
        cursor.execute(_sql("count_pending"), {**parameters, "most": most})
        (count,) = cursor.fetchone()
    return int(count)


def has_pending(*, now: datetime) -> bool:
    """Whether restage() would find anything to do."""
    return _count_pending(parameters_of(now, batch=1), 1) > 0


def parameters_of(now: datetime, history: bool = False, batch: int = 0) -> dict[str, Any]:
    """What the SQL of a run may refer to."""
    policy = policy_at(now)
    shortest = Policy.objects.aggregate(days=Min("warn_idle_days"))["days"]
    return {
        "now": now,
        "today": day_of(now),
        "batch": batch,
        "history": history,
        "new_after": now - NEW_MEMBER,
        "policy_version": policy.version,
        "policy_from": policy.effective_from,
        # Two logins closer to each other than this leave too few idle days for any rule.
        "wake_after": timedelta(days=shortest - 1),
    }


def _restage_batch(claim: str, parameters: dict[str, Any]) -> RestageResult:
    with transaction.atomic():
        prepare_temp_tables()
        dirty = claim == "claim_dirty"
        members = _claim_dirty(parameters) if dirty else execute(_sql(claim), parameters)
        if not members:
            return RestageResult()
        execute_planned_once(_sql("requeue_future"), parameters)
        crash_points.crash_here_if_asked("after_claim")
        done = _process_batch(members, parameters, dirty)
        crash_points.crash_here_if_asked("before_commit")
    done.members = members
    done.batches = 1
    return done


def _process_batch(members: int, parameters: dict[str, Any], dirty: bool) -> RestageResult:
    """Process all claimed members, set those apart whose data make it fail."""

    def process(members: int) -> RestageResult:
        return _process(members, parameters, dirty)

    try:
        return process(members)
    except DatabaseError as error:
        if sqlstate_of_data(error) is None:
            raise
    parts, failed = process_in_parts(process, parameters)
    done = RestageResult(failed=failed)
    for part in parts:
        done.add(part)
    return done


@transaction.atomic
def _process(members: int, parameters: dict[str, Any], dirty: bool) -> RestageResult:
    """Evaluate and record the members of _claim, all or (when it fails) none: a savepoint of the batch."""
    settled = execute_planned_once(_sql("fast_path"), parameters) if dirty else 0
    if settled == members:
        return RestageResult()
    pairs = _evaluate(parameters)
    crash_points.crash_here_if_asked("after_evaluate")
    done = _record(pairs, parameters)
    delete_failures_of_claim()
    return done


def _claim_dirty(parameters: dict[str, Any]) -> int:
    # The planner cannot estimate the queue's size: it is read by its index and emptied without nested loops.
    with planner_without("hashjoin", "mergejoin"):
        locked = execute(_sql("lock_dirty"), parameters)
    if not locked:
        return 0
    with planner_without("nestloop"):
        return execute(_sql("claim_dirty"), parameters)


def _evaluate(parameters: dict[str, Any]) -> int:
    """Fill _answer: at each instant with new facts, and wherever an answer ends before the next begins.

    Returns how many answers there are.
    """
    execute(_sql("start_recording"), parameters)
    execute(_sql("find_start"), parameters)
    return evaluate_from_claim(parameters)


def evaluate_from_claim(parameters: dict[str, Any]) -> int:
    """Fill _answer for each member of _claim from its from_at on; returns how many answers there are."""
    added = execute_planned_once(_sql("instants"), parameters)
    added += execute(_sql("last_login_instants"), parameters)
    pairs = 0
    while added:
        pairs += added
        evaluate_pairs()
        # Look-ups by key: planned for few answers, the statement is executed for very many too.
        with planner_without("seqscan", "hashjoin", "mergejoin"):
            added = execute_planned_once(_sql("next_instants"), parameters)
    if pairs >= LARGE:  # for the joins of the statements that record
        execute("ANALYZE _claim (member_id), _answer (member_id, at)")
    return pairs


def _record(pairs: int, parameters: dict[str, Any]) -> RestageResult:
    run = execute if pairs >= LARGE else execute_planned_once
    run(_sql("stage_changes"), parameters)
    superseded = run(_sql("supersede_transitions"), parameters)
    transitions = run(_sql("add_transitions"), parameters)
    run(_sql("update_warnings"), parameters)
    crash_points.crash_here_if_asked("after_record")
    run(_sql("update_standings"), parameters)
    return RestageResult(transitions=transitions, superseded=superseded)
