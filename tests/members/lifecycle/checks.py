"""What must be true after a restage, said once: the stored against the plain evaluation."""

from __future__ import annotations

from datetime import datetime, timedelta

from members.lifecycle.counts.maintenance import find_miscounts
from members.lifecycle.models import Standing, Transition
from members.lifecycle.recording.verify import verify
from tests.members.lifecycle import oracle, oracle_line, tables, worlds

ENDLESS = datetime.fromisoformat("9999-01-01T00:00:00+00:00")


def check_all(world: worlds.World, ids: list[int], now: datetime) -> None:
    """Standings, transitions and warnings of all members are those of the definition; verify agrees."""
    standings = Standing.objects.in_bulk(ids)
    for member_id, life in zip(ids, world.members, strict=True):
        assert member_id in standings, f"never staged: {life}"
        check_standing(world, life, standings[member_id], now)
        check_line(world, life, standings[member_id], now)
    found = verify(now=now)
    assert found.members == len(ids)
    assert found.differing == 0, found.samples
    assert find_miscounts() == []


def check_standing(world: worlds.World, life: worlds.Life, standing: Standing, now: datetime) -> None:
    facts = life.facts()
    expected = oracle.answer(facts, world.policies, now, world.zone)
    given = oracle.Answer(standing.stage, standing.sub_state, standing.rules, standing.warnings)
    assert given == expected, f"at {now}, evaluated {standing.evaluated_at}: {life}"
    due = oracle.due_at(facts, world.policies, now, world.zone)
    assert (standing.due_at or ENDLESS) <= (due or ENDLESS), f"due too late at {now}: {life}"
    assert standing.due_at is None or standing.due_at > now, f"overdue at {now}: {life}"


def check_line(world: worlds.World, life: worlds.Life, standing: Standing, now: datetime) -> None:
    changes, raised = expected_line(world, life, standing.recorded_from, now)
    at = f"recorded from {standing.recorded_from} to {now}: {life} {world.policies}"
    stored = tables.changes(standing.member_id)
    assert stored == changes, differences(stored, changes, at)
    warned = tables.raised(standing.member_id)
    warned = [row for row in warned if row in raised or row.raised_at > standing.recorded_from]
    assert warned == raised, differences(warned, raised, at)
    assert standing.since == (changes[-1].at if changes else None), at
    check_dwell(standing.member_id)


def differences(stored: list, expected: list, case: str) -> str:
    """Both sides in full, one row a line."""
    sides = (("stored", stored), ("expected", expected))
    return "\n".join([f"{name}: {row}" for name, rows in sides for row in rows] + [case])


def expected_line(
    world: worlds.World, life: worlds.Life, recorded_from: datetime, now: datetime
) -> tuple[list[oracle_line.Change], list[oracle_line.Raised]]:
    """A member recorded from its first instant entered its first stage then; others had theirs before."""
    since_birth = recorded_from == life.known_at
    after = recorded_from - oracle.MICROSECOND if since_birth else recorded_from
    return oracle_line.line(life.facts(), world.policies, after, now, world.zone)


def check_dwell(member_id: int) -> None:
    """Each transition says how long the place it leaves had lasted, where its beginning is recorded."""
    rows = list(Transition.objects.filter(member_id=member_id, superseded_at=None).order_by("effective_at"))
    for earlier, later in zip(rows, rows[1:], strict=False):
        assert later.dwell == later.effective_at - earlier.effective_at
        leaves = later.from_stage == "decline" and later.to_stage in ("growth", "maturity")
        assert (later.won_back or later.settled) == leaves
    assert not rows or rows[0].dwell is None


def expected_recorded_from(life: worlds.Life, first_staged: datetime) -> set[datetime]:
    """A newcomer of the last week is recorded from its first instant on, others from their first staging.

    Around the seventh day, and for members not yet known, either will do.
    """
    age = first_staged - life.known_at
    if timedelta(0) <= age < timedelta(days=6):
        return {life.known_at}
    return {first_staged} if age > timedelta(days=8) else {life.known_at, first_staged}
