"""The changes and warnings of a life: the oracle asked at every instant that could matter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from tests.members.lifecycle.oracle import WARNING_KINDS, Facts, Policy, answer, midnights


@dataclass(frozen=True)
class Change:
    at: datetime
    before: tuple[str | None, str | None]
    after: tuple[str | None, str | None]


@dataclass(frozen=True)
class Raised:
    kind: str
    raised_at: datetime
    ended_at: datetime | None


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
            changes.append(Change(at, last.place, now.place))
        for kind, bit in WARNING_KINDS.items():
            if now.warnings & bit and not last.warnings & bit:
                open_since[kind] = at
                raised[kind, at] = Raised(kind, at, None)
            elif last.warnings & bit and not now.warnings & bit and kind in open_since:
                begun = open_since.pop(kind)
                raised[kind, begun] = Raised(kind, begun, at)
        last = now
    return changes, sorted(raised.values(), key=lambda row: (row.raised_at, row.kind))
