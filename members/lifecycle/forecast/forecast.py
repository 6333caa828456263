"""Forecast a member's answers if no fact is added: when time, or an upcoming policy, changes them.

The stored due instant holds under the policy of its answer; a policy that comes into force before it gives a
new answer. So a forecast goes from instant to instant: to the due one or to the next policy's start,
whichever is earlier, until the stage changes. Most forecasts end after one statement; a second one reads
every instant at which the facts found so far can change an answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from crm.runtime.clock import day_of, day_start
from members.lifecycle.evaluation.answer import StagePair
from members.lifecycle.evaluation.evaluate_few import Evaluation, evaluate_few
from members.lifecycle.models import Policy

Evaluations = Mapping[datetime, Evaluation]  # of one member, by instant

_STATEMENTS = 4  # more than two are needed only where facts dated in the future keep changing what is due
_READ_AHEAD = 16  # instants of a member read in advance


@dataclass(frozen=True)
class Forecast:
    """A member now, the changes that leave the stage as it is, and the first change of stage or sub-state."""

    now: Evaluation
    minor_changes: list[Evaluation]
    stage_change: Evaluation | None
    upcoming_policy: Policy | None  # the next one to come into force


def forecast_member(member_id: int, now: datetime) -> Forecast | None:
    """The forecast of one member, None for an unknown id or one that cannot be evaluated. One query, mostly a
    second one."""
    rows = evaluate_few([(member_id, now)], forecast_ids=[member_id], after=now)
    found = _by_member(rows).get(member_id, {})
    if now not in found:
        return None
    start, policy_starts = found[now], _policy_starts(found)
    steps, missing = _follow(found, start.stage_pair, start)
    for _ in range(_STATEMENTS - 1):
        if missing is None:
            break
        found |= _by_member(evaluate_few(_read_ahead(member_id, found, missing))).get(member_id, {})
        steps, missing = _follow(found, start.stage_pair, start)
    stage_change = steps.pop() if steps and steps[-1].stage_pair != start.stage_pair else None
    upcoming = next((found[at].policy for at in policy_starts if at > now), None)
    return Forecast(start, _minor_changes(start, steps), stage_change, upcoming)


def stage_changes_within(
    stages: Mapping[int, StagePair], now: datetime, until: datetime
) -> dict[int, Evaluation]:
    """The first change of stage or sub-state until then, by id, for those of a few members who have one.

    `stages` are the present ones by id. One query, a second one where something else changes before.
    """
    if not stages:
        return {}
    found = _by_member(evaluate_few((), forecast_ids=stages, after=now, until=until))
    changes: dict[int, Evaluation] = {}
    for statement in range(_STATEMENTS):
        wanted = []
        for member_id, evaluations in found.items():
            if member_id in changes:
                continue
            steps, missing = _follow(evaluations, stages[member_id], None, until)
            if steps and steps[-1].stage_pair != stages[member_id]:
                changes[member_id] = steps[-1]
            elif missing is not None:
                pairs = _read_ahead(member_id, evaluations, missing)
                wanted += [pair for pair in pairs if pair[1] <= until]
        if not wanted or statement == _STATEMENTS - 1:
            break
        for member_id, evaluations in _by_member(evaluate_few(wanted)).items():
            found[member_id] |= evaluations
    return changes


def _by_member(rows: Iterable[Evaluation]) -> dict[int, dict[datetime, Evaluation]]:
    found: dict[int, dict[datetime, Evaluation]] = {}
    for row in rows:
        found.setdefault(row.answer.member_id, {})[row.answer.at] = row
    return found


def _policy_starts(found: Evaluations) -> list[datetime]:
    """The instants, of those read, from which another policy applies."""
    return sorted(at for at, row in found.items() if row.policy.effective_from == at)


def _follow(
    found: Evaluations, stage_pair: StagePair, current: Evaluation | None, until: datetime | None = None
) -> tuple[list[Evaluation], datetime | None]:
    """The steps as far as they were read, up to the first stage change; and the instant to read next, if any.

    Without a `current` answer the first instant read is the first step.
    """
    steps: list[Evaluation] = []
    policy_starts = _policy_starts(found)
    while True:
        if current is None:
            following = min(found, default=None)
        else:
            at, due = current.answer.at, current.answer.due_at
            coming = [start for start in policy_starts if start > at] + ([due] if due else [])
            following = min(coming, default=None)
        if following is None or (until is not None and following > until):
            return steps, None
        if following not in found:
            return steps, following
        current = found[following]
        steps.append(current)
        if current.stage_pair != stage_pair:
            return steps, None


def _read_ahead(member_id: int, found: Evaluations, missing: datetime) -> list[tuple[int, datetime]]:
    """The pairs worth reading next: the missing instant, and those at which time changes any answer found."""
    policy_starts = _policy_starts(found)
    wanted = {missing}
    for at, row in found.items():
        ends = next((start for start in policy_starts if start > at), None)
        wanted |= {day for day in _possible_changes(row) if day > missing and (ends is None or day < ends)}
    return [(member_id, at) for at in sorted(wanted - found.keys())[:_READ_AHEAD]]


def _possible_changes(row: Evaluation) -> set[datetime]:
    """Every midnight at which time alone may change the answer (docs/lifecycle.md, "How long it holds")."""
    answer, policy = row.answer, row.policy
    registered = day_of(answer.registered_at) if answer.registered_at else None
    closing = day_of(answer.closing_at) if answer.closing_at else None
    periods = [
        (registered, policy.stalled_days),
        (registered, policy.mature_tenure_days),
        (answer.steady_since, policy.mature_days - 1),
        (row.warn_high_on, policy.fall_window_days),
        (answer.forgotten_on, 0),
        (answer.silent_on, 0),
        (answer.held_to, 0),
        (closing, policy.signal_days),
    ]
    idle = (policy.idle_days, policy.dormant_days, policy.churned_days)
    periods += [(answer.active_on, days) for days in idle]
    ends = {day + timedelta(days=count) for day, count in periods if day is not None}
    return {day_start(day) for day in ends if day > answer.day}


def _minor_changes(start: Evaluation, steps: list[Evaluation]) -> list[Evaluation]:
    """Those of the steps that change rules or warnings: a policy may come into force and change nothing."""
    changed, before = [], start.answer
    for row in steps:
        if (row.answer.rules, row.answer.warnings) != (before.rules, before.warnings):
            changed.append(row)
        before = row.answer
    return changed
