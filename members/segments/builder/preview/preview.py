"""How many members a rule matches, and ten of them, while somebody waits: an estimate if counting is slow."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from math import sqrt
from typing import Any

from django.db import OperationalError, connection, transaction

from crm.runtime.sql_files import sql_beside
from crm.staff.models import Staff
from members.lifecycle.counts.stage_counts import count_by_stage, visible_standings
from members.profiles.member_view import MemberView, member_views, visible_ids_sql
from members.profiles.visibility import sees_everybody
from members.rules.ask import KNOWN, ONE_PROCESS
from members.rules.compiling.condition import compile, from_clause
from members.rules.language.tree import Rule

SHOWN = 10  # members
SAMPLED = 8_000  # members looked at for an estimate
FEWEST = 20  # of the sample that have to match; fewer tell no more than an upper bound
CHEAP = 150_000  # the planner's cost up to which members are counted one by one
_COUNTING, _ESTIMATING, _FINDING = (
    350,
    500,
    150,
)  # milliseconds; an estimate may follow a count that took too long
_sql = sql_beside(__file__)


@dataclass(frozen=True)
class Count:
    """Members that match. Of an estimate, `error` is twice its standard error, `looked_at` the sample's size.

    With `below` all that is known is that fewer than `members` match.
    """

    members: int
    estimated: bool = False
    error: int = 0
    looked_at: int = 0
    below: bool = False


@dataclass(frozen=True)
class Line:
    """One member of the preview, as its reader may see them."""

    view: MemberView
    stage: str
    sub_state: str
    aum: Decimal | None


@dataclass(frozen=True)
class Preview:
    """The count (None: it takes too long to tell anything) and the members shown."""

    count: Count | None
    members: Sequence[Line]


class _TooLong(Exception):
    """The database did not answer in time."""


def preview(rule: Rule, staff: Staff, now: datetime) -> Preview:
    """At most seven queries."""
    asked = _Asked(rule, staff, now)
    try:
        if not asked.is_wide or asked.cost() <= CHEAP:
            count, ids = asked.exact()
            return Preview(count, _lines(ids, staff))
    except _TooLong:
        pass
    try:
        estimated, ids = asked.estimate()
    except _TooLong:
        return Preview(None, ())
    return Preview(estimated, _lines(ids, staff))


class _Asked:
    """A rule asked by a reader."""

    def __init__(self, rule: Rule, staff: Staff, now: datetime) -> None:
        self.rule, self.staff, self.now = rule, staff, now
        self.is_wide = sees_everybody(staff)

    def cost(self) -> float:
        """What the planner thinks that counting costs."""
        statement, parameters = self._exact()
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
            ((plan,),) = cursor.fetchall()
        return float(plan[0]["Plan"]["Total Cost"])

    def exact(self) -> tuple[Count, list[int]]:
        """Raises _TooLong."""
        ((members, ids),) = _rows(*self._exact(), _COUNTING)
        return Count(members), ids

    def _exact(self) -> tuple[str, dict[str, Any]]:
        """Of everybody in one pass; of those whom the reader may see, who are few, one by one."""
        condition = compile(self.rule, self.now, few=not self.is_wide)
        seen, parameters = ("", {}) if self.is_wide else self._seen()
        statement = _sql("exact").format(
            source=from_clause(condition.sources), condition=f"{KNOWN} AND {condition.sql}", seen=seen
        )
        return statement, {**condition.parameters, **parameters, "preview_shown": SHOWN}

    def _seen(self) -> tuple[str, dict[str, Any]]:
        """The members that the reader may see, as a further condition."""
        statement, values = visible_ids_sql(self.staff)
        given = {f"preview_seen_{number}": value for number, value in enumerate(values)}
        names = iter(given)
        named = re.sub(r"%s", lambda _found: f"%({next(names)})s", statement)
        return f"AND m.id IN ({named})", given

    def estimate(self) -> tuple[Count, list[int]]:
        """Of all members, from a sample of blocks. Raises _TooLong."""
        if not self.is_wide:
            raise _TooLong
        members = sum(count_by_stage(self.staff).values())
        condition = compile(self.rule, self.now)
        source = from_clause(condition.sources)
        sampled = source.replace("profiles_member AS m", "sampled AS m", 1)
        matches = f"({KNOWN} AND {condition.sql})"
        parameters = {
            **condition.parameters,
            "preview_shown": SHOWN,
            "preview_percent": min(100.0, 100 * SAMPLED / max(members, 1)),
        }
        statement = _sql("estimate").format(source=sampled, condition=matches)
        blocks = _rows(statement, parameters, _ESTIMATING)
        count = extrapolate(members, [(rows, matching) for rows, matching, _ids in blocks])
        ids = [member_id for _of_block, _matching, some in blocks for member_id in some or ()][:SHOWN]
        if len(ids) < SHOWN:
            statement = _sql("first").format(source=source, condition=matches)
            ids = _first(statement, parameters) or ids
        return count, ids


def _first(statement: str, parameters: Mapping[str, Any]) -> list[int]:
    """Some members that match, where the sample has too few: those that are found at once."""
    try:
        return [member_id for (member_id,) in _rows(statement, parameters, _FINDING)]
    except _TooLong:
        return []


def extrapolate(members: int, blocks: Sequence[tuple[int, int]]) -> Count:
    """How many of all `members` match, by (rows, rows that match) of each sampled block.

    The error is twice the standard error of a ratio of cluster totals (Cochran, Sampling Techniques, 3rd ed.,
    6.3): the estimate is off by more in about one of twenty cases.
    """
    looked_at, found = sum(rows for rows, _ in blocks), sum(matching for _, matching in blocks)
    if not looked_at:
        return Count(members, estimated=True, below=True)
    share = found / looked_at
    if found < FEWEST:
        most = (found + 2 * sqrt(found + 1) + 1) / looked_at * members
        return Count(rounded(most), estimated=True, looked_at=looked_at, below=True)
    spread = sum((matching - share * rows) ** 2 for rows, matching in blocks)
    number, left_out = len(blocks), max(1 - looked_at / members, 0)
    error = 2 * members * sqrt(left_out * number / max(number - 1, 1) * spread) / looked_at
    return Count(rounded(share * members), estimated=True, error=rounded(error), looked_at=looked_at)


def rounded(value: float) -> int:
    """The three leading digits, which is more than an estimate tells."""
    whole = int(value)
    return round(whole, 3 - len(str(whole))) if whole >= 1000 else whole


def _rows(statement: str, parameters: Mapping[str, Any], within: int) -> list[tuple[Any, ...]]:
    """The rows of a statement. Raises _TooLong where it takes longer than `within` milliseconds."""
    limit = f"SELECT set_config('statement_timeout', '{int(within)}', true); "
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(limit + ONE_PROCESS + statement, parameters)
            cursor.nextset()
            cursor.nextset()
            return list(cursor.fetchall())
    except OperationalError as error:
        if "statement timeout" not in str(error):
            raise
        raise _TooLong from error


def _lines(ids: Sequence[int], staff: Staff) -> list[Line]:
    views = member_views(ids, staff=staff, fields=("name",)) if ids else []
    rows = (
        visible_standings(staff)
        .filter(member_id__in=ids)
        .values_list("member_id", "stage", "sub_state", "aum")
    )
    standings = {member_id: values for member_id, *values in rows}
    return [Line(view, *standings.get(view.id, ("", "", None))) for view in views]
