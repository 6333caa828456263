"""The answers of one member, or of a few, at a few instants, in one statement: for pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache

from django.db import connection

from crm.runtime.database.prepared import fetch_prepared
from crm.runtime.sql_files import sql_beside
from members.lifecycle.evaluation.answer import Answer
from members.lifecycle.evaluation.evaluate import zone_parameters
from members.lifecycle.models import Policy

_sql = sql_beside(__file__)
_ANSWER = [field.name for field in fields(Answer)]
_POLICY = [field.attname for field in Policy._meta.concrete_fields]
_COLUMN = {"peak_aum": "peak"}  # where judge.sql says it otherwise

_STATEMENT = """
WITH {facts}
SELECT {columns} FROM judged j JOIN policies p ON p.version = j.policy_version ORDER BY j.at
"""


@dataclass(frozen=True)
class Seen:
    """An answer with the policy it was given under, and the last days on which assets were high enough to
    count as fallen from: by the share that warns, and by the one that decides.
    """

    answer: Answer
    policy: Policy
    warn_high_on: date | None
    fall_high_on: date | None

    @property
    def place(self) -> tuple[str | None, str | None]:
        """Stage and sub-state."""
        return self.answer.stage, self.answer.sub_state


@cache
def _statement() -> str:
    """The facts of one member, judged as any others are."""
    columns = [f"j.{_COLUMN.get(name, name)}" for name in _ANSWER] + ["j.warn_high_on", "j.fall_high_on"]
    columns += [f"p.{name}" for name in _POLICY]
    base = f"base AS MATERIALIZED ({_sql('point_base')})"
    # Walked once: the planner, which may join by nested loops here, would walk all courses for each pair.
    paths = _sql("point_paths").replace("paths AS (", "paths AS MATERIALIZED (")
    walk = [_sql("point_marks"), _sql("paths"), paths, _sql("judge")]
    facts = ", ".join([_sql("one_facts"), base, *walk])
    return _STATEMENT.format(facts=facts, columns=", ".join(columns))


def answers_of(member_id: int, instants: Iterable[datetime]) -> list[tuple[Answer, Policy]]:
    """The member's answer and the policy in force at each instant, earliest first; none for an unknown id.

    One query.
    """
    return [(seen.answer, seen.policy) for seen in see((member_id, at) for at in instants)]


def see(
    asked: Iterable[tuple[int, datetime]],
    *,
    foreseen: Iterable[int] = (),
    after: datetime | None = None,
    until: datetime | None = None,
) -> list[Seen]:
    """Each (member, instant) judged, earliest first.

    Members `foreseen` are judged too at the instant their stored answer is due and at those from which
    policies apply, later than `after` and not later than `until` (None: for ever). One query.
    """
    pairs = list(asked)
    given = {
        "whose": [member_id for member_id, _at in pairs],
        "instants": [at for _member_id, at in pairs],
        "foreseen": list(foreseen),
        "after": after,
        "until": until,
    }
    rows = fetch_prepared(_statement(), {**zone_parameters(), **given})
    split = len(_ANSWER)
    return [
        Seen(
            Answer(*row[:split]),
            Policy.from_db(connection.alias, _POLICY, row[split + 2 :]),
            *row[split : split + 2],
        )
        for row in rows
    ]
