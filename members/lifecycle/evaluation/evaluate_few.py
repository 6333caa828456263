"""The answers of one member, or of a few, at a few instants, in one statement: for pages."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache

from django.db import DatabaseError, connection

from crm.runtime.database.prepared import fetch_prepared
from crm.runtime.sql_files import sql_beside
from members.lifecycle.evaluation.answer import Answer, StagePair
from members.lifecycle.evaluation.evaluate import zone_parameters
from members.lifecycle.evaluation.isolate import isolate, sqlstate_of_data
from members.lifecycle.models import Policy

_sql = sql_beside(__file__)
_ANSWER = [field.name for field in fields(Answer)]
_POLICY = [field.attname for field in Policy._meta.concrete_fields]
_COLUMN = {"peak_aum": "peak"}  # where decide.sql has another name

_STATEMENT = """
WITH {ctes}
SELECT {columns} FROM answers a JOIN policies p ON p.version = a.policy_version ORDER BY a.at
"""


@dataclass(frozen=True)
class Evaluation:
    """An answer with the policy that gave it.

    `warn_high_on` is the last day on which assets were high enough to count as fallen from, by the share that
    warns.
    """

    answer: Answer
    policy: Policy
    warn_high_on: date | None

    @property
    def stage_pair(self) -> StagePair:
        """Stage and sub-state."""
        return self.answer.stage, self.answer.sub_state


@cache
def _statement() -> str:
    columns = [f"a.{_COLUMN.get(name, name)}" for name in _ANSWER] + ["a.warn_high_on"]
    columns += [f"p.{name}" for name in _POLICY]
    parts = [_sql(part) for part in ("few_pairs", "point_facts", "decide")]
    return _STATEMENT.format(ctes=", ".join(parts), columns=", ".join(columns))


def evaluate_few(
    pairs: Iterable[tuple[int, datetime]],
    *,
    forecast_ids: Iterable[int] = (),
    after: datetime | None = None,
    until: datetime | None = None,
) -> list[Evaluation]:
    """Evaluate each (member id, instant), earliest first; unknown ids are left out. One query.

    Members of `forecast_ids` are evaluated too at the instant their stored answer is due and at those from
    which policies apply, later than `after` and not later than `until` (None: no end). Members whose data
    make the query fail are left out, unless it runs inside a transaction, which has failed with it.
    """
    wanted, forecast = list(pairs), set(forecast_ids)

    def of_members(ids: Collection[int]) -> list[Evaluation]:
        return _evaluate([pair for pair in wanted if pair[0] in ids], forecast & set(ids), after, until)

    everybody = sorted(forecast | {member_id for member_id, _at in wanted})
    try:
        return of_members(everybody)
    except DatabaseError as error:
        if connection.in_atomic_block or sqlstate_of_data(error) is None:
            raise
    parts, _failed = isolate(of_members, everybody)
    return sorted((row for part in parts for row in part), key=lambda row: row.answer.at)


def _evaluate(
    pairs: list[tuple[int, datetime]],
    forecast_ids: Iterable[int],
    after: datetime | None,
    until: datetime | None,
) -> list[Evaluation]:
    parameters = {
        "member_ids": [member_id for member_id, _at in pairs],
        "instants": [at for _member_id, at in pairs],
        "forecast_ids": list(forecast_ids),
        "after": after,
        "until": until,
    }
    rows = fetch_prepared(_statement(), {**zone_parameters(), **parameters})
    split = len(_ANSWER)
    return [
        Evaluation(
            Answer(*row[:split]),
            Policy.from_db(connection.alias, _POLICY, row[split + 1 :]),
            row[split],
        )
        for row in rows
    ]
