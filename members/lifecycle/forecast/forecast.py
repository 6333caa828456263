"""What becomes of members if nothing happens: when time, or a coming policy, changes their answers.

The stored due instant holds under the policy of its answer; a policy that starts to apply before it is due
judges anew. So the way goes from instant to instant: to the due one or to the next policy's start, whichever
is earlier, until the stage changes. Most ways end after one statement; a second one reads every instant that
the facts found so far can bring.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from crm.runtime.clock import day_of, day_start
from members.lifecycle.evaluation.evaluate_few import Seen, see
from members.lifecycle.models import Policy

Place = tuple[str | None, str | None]
_STATEMENTS = 4  # more than two are needed only where facts dated in the future keep changing what is due
_AHEAD = 16  # instants of a member read in advance


@dataclass(frozen=True)
class Course:
    """A member now, what changes without a change of stage, and the first change of stage or sub-state."""

    now: Seen
    minor: list[Seen]
    move: Seen | None
    coming: Policy | None  # the next policy to start


def course_of(member_id: int, now: datetime) -> Course | None:
    """What comes for one member, None for an unknown id. One query, mostly a second one."""
    found = _by_member(see([(member_id, now)], foreseen=[member_id], after=now)).get(member_id, {})
    if now not in found:
        return None
    start, starts = found[now], _starts(found)
    steps, missing = _follow(found, start.place, start)
    for _ in range(_STATEMENTS - 1):
        if missing is None:
            break
        found |= _by_member(see(_ahead(member_id, found, missing)))[member_id]
        steps, missing = _follow(found, start.place, start)
    move = steps.pop() if steps and steps[-1].place != start.place else None
    coming = next((found[at].policy for at in starts if at > now), None)
    return Course(start, _changes(start, steps), move, coming)


def moves_within(places: Mapping[int, Place], now: datetime, until: datetime) -> dict[int, Seen]:
    """The first change of stage or sub-state until then, by id, of those of a few members it comes for.

    `places` are where they stand. One query, a second one where something else comes before.
    """
    if not places:
        return {}
    found = _by_member(see((), foreseen=places, after=now, until=until))
    moves: dict[int, Seen] = {}
    for round_ in range(_STATEMENTS):
        wanted = []
        for member_id, seen in found.items():
            if member_id in moves:
                continue
            steps, missing = _follow(seen, places[member_id], None, until)
            if steps and steps[-1].place != places[member_id]:
                moves[member_id] = steps[-1]
            elif missing is not None:
                wanted += [pair for pair in _ahead(member_id, seen, missing) if pair[1] <= until]
        if not wanted or round_ == _STATEMENTS - 1:
            break
        for member_id, seen in _by_member(see(wanted)).items():
            found[member_id] |= seen
    return moves


def _by_member(rows: Iterable[Seen]) -> dict[int, dict[datetime, Seen]]:
    found: dict[int, dict[datetime, Seen]] = {}
    for seen in rows:
        found.setdefault(seen.answer.member_id, {})[seen.answer.at] = seen
    return found


def _starts(found: Mapping[datetime, Seen]) -> list[datetime]:
    """The instants, of those read, from which another policy applies."""
    return sorted(at for at, seen in found.items() if seen.policy.effective_from == at)


def _follow(
    found: Mapping[datetime, Seen], place: Place, current: Seen | None, until: datetime | None = None
) -> tuple[list[Seen], datetime | None]:
    """The way as far as it was read, up to the first change of place; and the instant to read next, if any.

    Without a `current` answer the way begins at the first instant read.
    """
    steps: list[Seen] = []
    starts = _starts(found)
    while True:
        if current is None:
            coming = list(found)
        else:
            at, due = current.answer.at, current.answer.due_at
            coming = [start for start in starts if start > at] + ([due] if due else [])
        following = min(coming, default=None)
        if following is None or (until is not None and following > until):
            return steps, None
        if following not in found:
            return steps, following
        current = found[following]
        steps.append(current)
        if current.place != place:
            return steps, None


def _ahead(member_id: int, found: Mapping[datetime, Seen], missing: datetime) -> list[tuple[int, datetime]]:
    """The instants worth reading next: the missing one, and those at which time changes any answer found."""
    starts = _starts(found)
    wanted = {missing}
    for at, seen in found.items():
        ends = next((start for start in starts if start > at), None)
        wanted |= {turn for turn in _turns(seen) if turn > missing and (ends is None or turn < ends)}
    return [(member_id, at) for at in sorted(wanted - found.keys())[:_AHEAD]]


def _turns(seen: Seen) -> set[datetime]:
    """Every midnight at which time alone may change the answer (docs/lifecycle.md, "How long it holds")."""
    answer, policy = seen.answer, seen.policy
    registered = day_of(answer.registered_at) if answer.registered_at else None
    closing = day_of(answer.closing_at) if answer.closing_at else None
    complaint = day_of(answer.complaint_at) if answer.complaint_at else None
    told = [
        (registered, policy.stalled_days),
        (registered, policy.mature_tenure_days),
        (answer.steady_since, policy.mature_days - 1),
        (seen.warn_high_on, policy.fall_window_days),
        (seen.fall_high_on, policy.fall_window_days),
        (closing, policy.signal_days),
        (complaint, policy.signal_days),
    ]
    idle = (policy.warn_idle_days, policy.idle_days, policy.dormant_days, policy.churned_days)
    told += [(answer.active_on, days) for days in idle]
    days = {day + timedelta(days=count) for day, count in told if day is not None}
    return {day_start(day) for day in days if day > answer.day}


def _changes(start: Seen, steps: list[Seen]) -> list[Seen]:
    """Those of the steps that change the reasons or the warnings: a policy may start and change nothing."""
    changed, before = [], start.answer
    for seen in steps:
        if (seen.answer.rules, seen.answer.warnings) != (before.rules, before.warnings):
            changed.append(seen)
        before = seen.answer
    return changed
