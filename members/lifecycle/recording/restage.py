"""Restage: bring every member's standing, transitions and warnings up to an instant.

Work is what is dirty, what is due, and who was judged by another policy; each batch is claimed with
SKIP LOCKED and committed whole, so any number of workers may run and any of them may be killed. A large
amount of work is shared among threads, as many as the machine has cores for.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import current_thread
from typing import Any

from django.db import connection, transaction
from django.db.models import Min

from crm.runtime.clock import day_of
from crm.runtime.sql_files import sql_beside
from members.lifecycle.evaluation.evaluate import evaluate_pairs, prepare_tables, run, without
from members.lifecycle.models import Policy
from members.lifecycle.policy.versions import policy_at
from members.lifecycle.recording.crash_points import here
from members.lifecycle.recording.parallel import side_by_side

_sql = sql_beside(__file__)
BATCH = 20_000
# Less than this is not worth a second thread: a batch has a price of its own.
SHARE = 1_000
THREADS = min(os.cpu_count() or 1, 4)
# Members that became known longer ago than this are staged as they are; `history` writes their past.
FRESH = timedelta(days=7)

Progress = Callable[[int], None]


@dataclass
class Restaged:
    """What a run did: members evaluated, transitions added and superseded, batches committed."""

    members: int = 0
    transitions: int = 0
    superseded: int = 0
    batches: int = 0

    def add(self, other: Restaged) -> None:
        self.members += other.members
        self.transitions += other.transitions
        self.superseded += other.superseded
        self.batches += other.batches


def restage(
    *,
    now: datetime,
    history: bool = False,
    batch: int = BATCH,
    threads: int = THREADS,
    progress: Progress | None = None,
) -> Restaged:
    """Evaluate what changed, is due, or was judged by another policy; other members cost nothing.

    With `history`, members whose past is not recorded yet get the transitions it implies.
    `progress` is called, in this thread, with the number of members done after batches that it committed.
    """
    parameters = _parameters(now, history, batch)
    claims = ["claim_dirty", *["claim_history"] * history, "claim_policy", "claim_due"]
    waiting = _waiting(parameters, batch * threads)
    if waiting < 2 * SHARE:
        threads = 1
    parameters["batch"] = min(batch, max(SHARE, -(-waiting // threads)))
    parts: list[Restaged] = []

    def work() -> None:
        for claim in claims:
            while (done := _batch(claim, parameters)).members:
                parts.append(done)
                if progress and current_thread() is caller:
                    progress(sum(part.members for part in parts))

    caller = current_thread()
    side_by_side(work, threads)
    total = Restaged()
    for part in parts:
        total.add(part)
    return total


def _waiting(parameters: dict[str, Any], most: int) -> int:
    """Members that a claim could take, counted up to `most` of each kind."""
    with connection.cursor() as cursor:
        cursor.execute(_sql("waiting"), {**parameters, "most": most})
        (count,) = cursor.fetchone()
    return int(count)


def pending(*, now: datetime) -> bool:
    """Whether restage() would find anything to do."""
    return _waiting(_parameters(now, history=False, batch=1), 1) > 0


def _parameters(now: datetime, history: bool, batch: int) -> dict[str, Any]:
    policy = policy_at(now)
    shortest = Policy.objects.aggregate(days=Min("warn_idle_days"))["days"]
    return {
        "now": now,
        "today": day_of(now),
        "batch": batch,
        "history": history,
        "fresh_after": now - FRESH,
        "policy_version": policy.version,
        "policy_from": policy.effective_from,
        # Fewer hours than this between two logins cannot be enough idle days for any rule.
        "wake_after": timedelta(days=shortest - 1),
    }


def _batch(claim: str, parameters: dict[str, Any]) -> Restaged:
    with transaction.atomic():
        prepare_tables()
        dirty = claim == "claim_dirty"
        members = _claim_dirty(parameters) if dirty else run(_sql(claim), parameters)
        if not members:
            return Restaged()
        settled = run(_sql("carry_along"), parameters) if dirty else 0
        run(_sql("put_back"), parameters)
        here("after_claim")
        done = Restaged()
        if settled < members:
            _evaluate(parameters)
            here("after_evaluate")
            done = _record(parameters)
        here("before_commit")
    done.members = members
    done.batches = 1
    return done


def _claim_dirty(parameters: dict[str, Any]) -> int:
    # Of the queue's size the planner knows nothing: it is walked by its index, and left without nested loops.
    with without("hashjoin", "mergejoin"):
        held = run(_sql("hold_dirty"), parameters)
    if not held:
        return 0
    with without("nestloop"):
        return run(_sql("claim_dirty"), parameters)


def _evaluate(parameters: dict[str, Any]) -> None:
    """Fill _answer: at each instant that brings facts, and wherever an answer ends before the next begins."""
    run(_sql("begin_recording"), parameters)
    run(_sql("look_back"), parameters)
    added = run(_sql("candidates"), parameters) + run(_sql("last_logins"), parameters)
    while added:
        evaluate_pairs()
        added = run(_sql("further_instants"), parameters)
    run(
        "ANALYZE _claim (member_id), _answer (member_id, at)"
    )  # what is recorded from them is joined by their numbers


def _record(parameters: dict[str, Any]) -> Restaged:
    run(_sql("line"), parameters)
    superseded = run(_sql("supersede_transitions"), parameters)
    transitions = run(_sql("add_transitions"), parameters)
    run(_sql("warnings"), parameters)
    here("after_record")
    run(_sql("store"), parameters)
    return Restaged(transitions=transitions, superseded=superseded)
