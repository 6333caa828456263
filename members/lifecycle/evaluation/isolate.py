"""Find the members whose data make a set-based evaluation fail, and evaluate all others.

One statement evaluates thousands of members, so one impossible sum fails all of them. The set is halved until
the members at fault are alone. Cost for k of them among n: at most 2k(1 + log2(n / k)) further runs; for
one among 20,000 about 29, which together evaluate three times as many members as one run does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db import DatabaseError, DataError

from members.lifecycle.models import FailureCode

R = TypeVar("R")
# Classes of SQLSTATE that data can cause: cardinality, data, integrity, functions and views, program limits
# (an array too large), RAISE in a trigger, internal (a damaged row). Others are lost connections, locks, full
# disks, cancelled or wrong statements: they fail for everybody alike.
_OF_DATA = frozenset({"21", "22", "23", "2F", "38", "39", "44", "54", "P0", "XX"})
_CODES = {
    "22003": FailureCode.AMOUNT,
    "22012": FailureCode.AMOUNT,
    "22007": FailureCode.DATE,
    "22008": FailureCode.DATE,
    "": FailureCode.DATE,  # psycopg cannot read a day after the year 9999
}


@dataclass(frozen=True)
class FailedMember:
    """A member whose evaluation failed; `sqlstate` is empty where the database's answer cannot be read."""

    member_id: int
    sqlstate: str

    @property
    def code(self) -> FailureCode:
        if self.sqlstate.startswith("23"):
            return FailureCode.CONSTRAINT
        return _CODES.get(self.sqlstate, FailureCode.OTHER)


def sqlstate_of_data(error: DatabaseError) -> str | None:
    """The SQLSTATE of an error that a member's data can cause; None for any other error."""
    sqlstate = getattr(error.__cause__, "sqlstate", None)
    if sqlstate is None:
        return "" if isinstance(error, DataError) else None
    return sqlstate if sqlstate[:2] in _OF_DATA else None


def isolate(
    work: Callable[[Sequence[int]], R], member_ids: Sequence[int]
) -> tuple[list[R], list[FailedMember]]:
    """Call `work` on all members, or on parts of them that do not fail; returns the results and who failed.

    `work` undoes what it did when it fails (a savepoint). Raises what no member's data can cause.
    """
    results: list[R] = []
    failed: list[FailedMember] = []
    parts = [member_ids]
    while parts:
        part = parts.pop()
        try:
            results.append(work(part))
        except DatabaseError as error:
            sqlstate = sqlstate_of_data(error)
            if sqlstate is None:
                raise
            if len(part) == 1:
                failed.append(FailedMember(part[0], sqlstate))
            else:
                middle = len(part) // 2
                parts += [part[middle:], part[:middle]]
    return results, failed
