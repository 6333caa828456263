"""The changes and warnings of a life: the oracle asked at every instant that could matter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from tests.members.lifecycle.oracle import WARNING_KINDS, Facts, Policy, answer, in_force, inputs, midnights


@dataclass(frozen=True)
class Change:
    at: datetime
    before: tuple[str | None, str | None]
    after: tuple[str | None, str | None]
    won_back: bool = False


@dataclass(frozen=True)
class Raised:
    kind: str
    raised_at: datetime
    ended_at: datetime | None


def settles(facts: Facts, policies: list[Policy], at: datetime, zone: tzinfo) -> bool:
    """Whether a decline that ends at this instant ends otherwise than by money or activity."""
    policy = in_force(policies, at)
    given = inputs(facts, policy, at, zone)
    if at in (policy.effective_from, given.normal_at) or given.falls.lapsed:
        return True
    return not given.falls.came_back and (given.falls.is_gone or given.closing_lapsed)


def instants(
    facts: Facts, policies: list[Policy], after: datetime, until: datetime, zone: tzinfo
) -> list[datetime]:
    """Every instant in (after, until] at which the answer could change, and many more."""
    given = [
        facts.known_at,
        *([facts.registered_at] if facts.registered_at else []),
        *(row[0] for row in facts.transactions),
        *facts.logins,
        *(row[0] for row in facts.signals),
        *facts.normals,
        *(when for row in facts.complaints for when in row if when is not None),
        *(policy.effective_from for policy in policies),
    ]
    return sorted({*(at for at in given if after < at <= until), *midnights(after, until, zone)})


def line(
    facts: Facts, policies: list[Policy], after: datetime, until: datetime, zone: tzinfo
) -> tuple[list[Change], list[Raised]]:
    """Changes of place and raised warnings in (after, until]; what held at `after` already is not raised."""
    last = answer(facts, policies, after, zone)
    changes: list[Change] = []
    raised: dict[tuple[str, datetime], Raised] = {}
    open_since: dict[str, datetime] = {}
    for at in instants(facts, policies, after, until, zone):
        now = answer(facts, policies, at, zone)
        if now.place != last.place:
            back = last.stage == "decline" and now.stage in ("growth", "maturity")
            won_back = back and not settles(facts, policies, at, zone)
            changes.append(Change(at, last.place, now.place, won_back))
        for kind, bit in WARNING_KINDS.items():
            if now.warnings & bit and not last.warnings & bit:
                open_since[kind] = at
                raised[kind, at] = Raised(kind, at, None)
            elif last.warnings & bit and not now.warnings & bit and kind in open_since:
                begun = open_since.pop(kind)
                raised[kind, begun] = Raised(kind, begun, at)
        last = now
    return changes, sorted(raised.values(), key=lambda row: (row.raised_at, row.kind))
