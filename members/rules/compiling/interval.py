"""When rows of an activity count: fixed days and edges that move with the instant asked about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from members.rules.catalogue.activities import Activity
from members.rules.catalogue.platform_days import day_of
from members.rules.compiling.compare_days import after_hours, bounds
from members.rules.compiling.part import NOW, TODAY, Scope, earliest, start_of
from members.rules.language.tree import Period, Span


@dataclass(frozen=True)
class Interval:
    """Rows between two platform days (`high` excluded), not older than `within`, older than `beyond`.

    A row never counts before it is there. Each tuple may be empty; of several spans all hold.
    """

    low: date | None = None
    high: date | None = None
    within: tuple[Span, ...] = ()
    beyond: tuple[Span, ...] = ()

    def and_(self, operator: str, value: Any) -> Interval:
        """Narrowed by an operator on days, or by a span."""
        if operator == "within_last":
            return replace(self, within=(*self.within, value))
        if operator == "more_than_ago":
            return replace(self, beyond=(*self.beyond, value))
        low, high = bounds(operator, value)
        return replace(self, low=_later(self.low, low), high=_sooner(self.high, high))


def interval_of(period: Period) -> Interval:
    """The interval of a condition's period; without one, ever."""
    if not period.operator:
        return Interval()
    operator = "on_or_after" if period.operator == "since" else period.operator
    return Interval().and_(operator, period.value)


def split(operator: str, value: Any) -> tuple[Interval, Interval | None, Interval | None]:
    """An operator on days as the rows within it, those after it, and those before it; None: no rows."""
    inside = Interval().and_(operator, value)
    if operator == "within_last":
        return inside, None, Interval(beyond=(value,))
    if operator == "more_than_ago":
        return inside, Interval(within=(value,)), None
    after = Interval(low=inside.high) if inside.high else None
    return inside, after, Interval(high=inside.low) if inside.low else None


def both(one: Interval, other: Interval) -> Interval:
    """The rows that both hold."""
    return Interval(
        _later(one.low, other.low),
        _sooner(one.high, other.high),
        one.within + other.within,
        one.beyond + other.beyond,
    )


def _later(one: date | None, other: date | None) -> date | None:
    return max(filter(None, (one, other)), default=None)


def _sooner(one: date | None, other: date | None) -> date | None:
    return min(filter(None, (one, other)), default=None)


@dataclass(frozen=True)
class Edges:
    """An interval over the rows of an activity, in SQL.

    `fixed` are the conditions that no time moves, `inside` those that a row fulfils now, `to_come` that it is
    still too young for. `enters` and `leaves` turn the expression of a row's time into the instants at which
    it comes in and goes out; without `leaves` it stays. Both follow the row's time, so that of many rows the
    earliest enters first and the latest leaves last.
    """

    fixed: tuple[str, ...]
    inside: tuple[str, ...]
    to_come: str
    enters: str
    leaves: str | None


AT = "x.at"  # the time of a row, in `enters` and `leaves`


def edges(interval: Interval, activity: Activity, scope: Scope) -> Edges:
    """The interval in SQL over the row `a`."""
    at, by_day = activity.at, activity.by_day

    def edge(day: date) -> str:
        return f"{scope.bind(day)}::date" if by_day else scope.bind_start(day)

    def since(span: Span) -> str:
        if span.hours:
            return f"({NOW}::timestamptz - make_interval(hours => {scope.bind(span.hours)}))"
        return edge(scope.days_ago(span.days))

    def passes(span: Span) -> str:
        if span.hours:
            return after_hours(AT, span.hours, scope)
        return start_of(f"{AT if by_day else day_of(AT)} + {span.days + 1}")

    fixed = [f"{at} >= {edge(interval.low)}"] if interval.low else []
    fixed += [f"{at} < {edge(interval.high)}"] if interval.high else []
    here = f"{TODAY}::date" if by_day else f"{NOW}::timestamptz"
    inside = [f"{at} >= {since(span)}" for span in interval.within]
    old_enough = [f"{at} < {since(span)}" for span in interval.beyond]
    to_come = " OR ".join([f"{at} > {here}", *(f"{at} >= {since(span)}" for span in interval.beyond)])
    comes = start_of(AT) if by_day else AT
    entering = [comes, *(passes(span) for span in interval.beyond)]
    return Edges(
        tuple(fixed),
        (f"{at} <= {here}", *inside, *old_enough),
        f"({to_come})",
        entering[0] if len(entering) == 1 else f"greatest({', '.join(entering)})",
        earliest(passes(span) for span in interval.within),
    )
