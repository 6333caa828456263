"""The rules of segments as SQL, compiled once a run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection

from crm.runtime.sql_files import sql_beside
from members.rules.compiling.condition import Condition, compile, from_clause
from members.rules.language.errors import NoHistory
from members.rules.language.parse import parse
from members.segments.models import Kind, Segment

_sql = sql_beside(__file__)
OnFailure = Callable[[Segment, Exception], None]


@dataclass(frozen=True)
class Compiled:
    """One version of a segment and its rule as SQL."""

    segment: Segment
    condition: Condition
    now: datetime

    def execute(self, statement: str, **parameters: Any) -> tuple[Any, ...]:
        """Run one of this folder's statements with the rule put into it; returns its one row."""
        text = _sql(statement).format(
            condition=self.condition.sql,
            next=self.condition.next_sql or "NULL",
            moves="true" if self.condition.next_sql else "false",
            source=from_clause(self.condition.sources),
        )
        given = {
            **self.condition.parameters,
            "segment": self.segment.pk,
            "version": self.segment.version,
            "tables": sorted(self.condition.tables),
            "now": self.now,
            "zone": settings.BUSINESS_TIME_ZONE,
            **parameters,
        }
        with connection.cursor() as cursor:
            cursor.execute(text, given)
            return tuple(cursor.fetchone())


def compile_segment(segment: Segment, now: datetime, *, few: bool = False) -> Compiled:
    """The segment as of `now`, or of its own instant where it is frozen.

    `few`: for few members, each looked up; otherwise for a pass over all. Raises BadRules, NoHistory.
    """
    frozen = segment.kind == Kind.FROZEN and segment.as_of is not None and segment.as_of < now
    at = segment.as_of if frozen and segment.as_of else now
    rule = parse(segment.rule)
    try:
        condition = compile(rule, at, past=frozen, few=few, watched=True)
    except NoHistory:
        if at < segment.made_at:
            raise
        # Frozen as of when it was made, and computed a little later: the values of now are those of then.
        condition = compile(rule, at, few=few, watched=True)
    return Compiled(segment, condition, at)


class CompiledCache:
    """The kept segments of a run, compiled as of its instant; a new version is compiled when it is met."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._known: dict[tuple[int, int], Compiled] = {}

    def kept(self, on_failure: OnFailure) -> list[Compiled]:
        """All kept segments in their present versions; those that cannot be compiled go to `on_failure`."""
        return list(self._compile(Segment.objects.kept().order_by("pk"), on_failure))

    def _compile(self, segments: Iterable[Segment], on_failure: OnFailure) -> Iterator[Compiled]:
        for segment in segments:
            key = (segment.pk, segment.version)
            if key not in self._known:
                try:
                    self._known[key] = compile_segment(segment, self.now, few=True)
                except ValueError as error:
                    on_failure(segment, error)
                    continue
            yield self._known[key]
