"""The answers of one member, or of a few, at a few instants, in one statement: for pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from functools import cache

from django.db import connection

from crm.runtime.prepared import fetch_prepared
from members.lifecycle.answer import Answer
from members.lifecycle.evaluate import sql, zone_parameters
from members.lifecycle.models import Policy

_ANSWER = [field.name for field in fields(Answer)]
_POLICY = [field.attname for field in Policy._meta.concrete_fields]
_COLUMN = {"peak_aum": "peak"}  # where judge.sql says it otherwise

_STATEMENT = """
WITH {facts}
SELECT {columns} FROM judged j JOIN policies p ON p.version = j.policy_version ORDER BY j.at
"""


@cache
def _statement() -> str:
    """The facts of one member, judged as any others are."""
    columns = [f"j.{_COLUMN.get(name, name)}" for name in _ANSWER] + [f"p.{name}" for name in _POLICY]
    base = f"base AS MATERIALIZED ({sql('point_base')})"
    walk = [sql(name) for name in ("point_marks", "paths", "point_paths", "judge")]
    facts = ", ".join([sql("one_facts"), base, *walk])
    return _STATEMENT.format(facts=facts, columns=", ".join(columns))


def answers_of(
    member_id: int, instants: Iterable[datetime], *, foresee: bool = False
) -> list[tuple[Answer, Policy]]:
    """The member's answer and the policy in force at each instant, earliest first; none for an unknown id.

    With `foresee`, also at the instant for which the stored answer is due, where that is later than the
    first instant given. One query.
    """
    return _answers([member_id], list(instants), foresee)


def when_due(member_ids: Iterable[int]) -> dict[int, Answer]:
    """What becomes of each of a few members at the instant their stored answer is due, if nothing happens.

    Members that nothing is due for are left out. One query.
    """
    return {answer.member_id: answer for answer, _policy in _answers(list(member_ids), [], foresee=True)}


def _answers(member_ids: list[int], instants: list[datetime], foresee: bool) -> list[tuple[Answer, Policy]]:
    given = {"members": member_ids, "instants": instants, "foresee": foresee}
    rows = fetch_prepared(_statement(), {**zone_parameters(), **given})
    split = len(_ANSWER)
    return [(Answer(*row[:split]), Policy.from_db(connection.alias, _POLICY, row[split:])) for row in rows]
