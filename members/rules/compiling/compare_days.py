"""A day or an instant compared with days, or with a span counted from the instant asked about."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from members.rules.catalogue.platform_days import day_of
from members.rules.catalogue.types import Type
from members.rules.compiling.part import NOW, TODAY, Part, Scope, start_of, strict
from members.rules.language.tree import Span

SPANS = ("within_last", "more_than_ago", "within_next")
_DAY = timedelta(days=1)


def compare_days(
    expression: str, type: Type, operator: str, value: Any, scope: Scope, *, counts_from_itself: bool
) -> Part:
    """A value that counts from itself is missing before it, and comes then."""
    is_day = type is Type.DAY
    here = TODAY if is_day else NOW
    comes = start_of(expression) if is_day else expression
    later = f"CASE WHEN {expression} > {here} THEN {comes} END" if counts_from_itself else None
    if operator in ("missing", "present"):
        there = f"{expression} IS NOT NULL"
        if counts_from_itself:
            there += f" AND {expression} <= {here}"
        return Part(f"({there})" if operator == "present" else f"(NOT ({there}))", later)
    if operator in SPANS:
        span = _days if value.days or not value.hours else _hours
        part = span(expression, is_day, operator, value, scope)
        if counts_from_itself and operator == "within_next":
            # Only a fact of today is both there and not over.
            return _of_today(expression) if is_day else Part("false")
        return Part(strict(part.sql, expression), part.next)
    condition = absolute(expression, is_day, operator, value, scope)
    if not counts_from_itself:
        return Part(strict(condition, expression))
    comes_true = f"CASE WHEN {expression} > {here} AND {condition} THEN {comes} END"
    return Part(strict(f"{condition} AND {expression} <= {here}", expression), comes_true)


def _of_today(day: str) -> Part:
    ends = f"WHEN {day} = {TODAY} THEN {start_of(f'{day} + 1')}"
    return Part(strict(f"{day} = {TODAY}", day), f"CASE WHEN {day} > {TODAY} THEN {start_of(day)} {ends} END")


def bounds(operator: str, value: Any) -> tuple[date | None, date | None]:
    """The platform days of an operator on days: the first, and the first one after the last."""
    if operator == "between":
        return value[0], value[1] + _DAY
    return {
        "on": (value, value + _DAY),
        "before": (None, value),
        "after": (value + _DAY, None),
        "on_or_before": (None, value + _DAY),
        "on_or_after": (value, None),
    }[operator]


def absolute(expression: str, is_day: bool, operator: str, value: Any, scope: Scope) -> str:
    """An operator on days as a range."""
    low, high = bounds(operator, value)

    def edge(day: date) -> str:
        return f"{scope.bind(day)}::date" if is_day else scope.bind_start(day)

    parts = [f"{expression} >= {edge(low)}"] if low else []
    parts += [f"{expression} < {edge(high)}"] if high else []
    return " AND ".join(parts)


def _days(f: str, is_day: bool, operator: str, span: Span, scope: Scope) -> Part:
    """A span of platform days: it moves at the platform's midnights."""
    n, day = span.days, f if is_day else day_of(f)
    here, comes = (TODAY, start_of(f)) if is_day else (NOW, f)
    if operator == "within_next":
        last = (
            f"{scope.bind(scope.today + timedelta(n + 1))}::date"
            if is_day
            else (scope.bind_start(scope.today + timedelta(n + 1)))
        )
        first = f"{f} >= {TODAY}" if is_day else f"{f} > {NOW}"
        ends = start_of(f"{f} + 1") if is_day else f
        begins = start_of(f"{day} - {n}")
        return Part(
            f"{first} AND {f} < {last}",
            f"CASE WHEN {first} THEN CASE WHEN {f} < {last} THEN {ends} ELSE {begins} END END",
        )
    edge = f"{scope.bind(scope.days_ago(n))}::date" if is_day else scope.bind_start(scope.days_ago(n))
    passes = start_of(f"{day} + {n + 1}")
    if operator == "more_than_ago":
        return Part(f"{f} < {edge}", f"CASE WHEN {f} >= {edge} THEN {passes} END")
    return Part(
        f"{f} >= {edge} AND {f} <= {here}",
        f"CASE WHEN {f} > {here} THEN {comes} WHEN {f} >= {edge} THEN {passes} END",
    )


def _hours(f: str, is_day: bool, operator: str, span: Span, scope: Scope) -> Part:
    """A span of hours, counted exactly: what is just as old as the span is within it."""
    length = timedelta(hours=span.hours)
    if operator == "within_next":
        last = f"{scope.bind(scope.now + length)}::timestamptz"
        inside = f"{f} <= {last}"
        begins = f"({f} - {scope.bind(length)}::interval)"
        return Part(
            f"{f} > {NOW} AND {inside}",
            f"CASE WHEN {f} > {NOW} THEN CASE WHEN {inside} THEN {f} ELSE {begins} END END",
        )
    edge = f"{scope.bind(scope.now - length)}::timestamptz"
    passes = after_hours(f, span.hours, scope)
    if operator == "more_than_ago":
        return Part(f"{f} < {edge}", f"CASE WHEN {f} >= {edge} THEN {passes} END")
    return Part(
        f"{f} >= {edge} AND {f} <= {NOW}",
        f"CASE WHEN {f} > {NOW} THEN {f} WHEN {f} >= {edge} THEN {passes} END",
    )


def after_hours(instant: str, hours: int, scope: Scope) -> str:
    """The first instant at which something is more than so many hours ago."""
    length = timedelta(hours=hours, microseconds=1)
    return f"({instant} + {scope.bind(length)}::interval)"
