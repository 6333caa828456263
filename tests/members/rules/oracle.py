"""Rules evaluated in plain Python, from their JSON and docs/rules.md, without the code of the language."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

MICRO = timedelta(microseconds=1)


@dataclass
class Life:
    """What is known of one member: values by column, and rows as (at or day, values)."""

    values: dict[str, Any]
    events: list[tuple[datetime, dict[str, Any]]] = field(default_factory=list)
    trades: list[tuple[datetime, dict[str, Any]]] = field(default_factory=list)
    assessments: list[date] = field(default_factory=list)
    valuations: dict[date, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class At:
    """An instant at which is asked, on its platform day."""

    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        return self.day_of(self.now)

    def day_of(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def start(self, day: date) -> datetime:
        return datetime.combine(day, time.min, self.zone).astimezone(UTC)


def matches(rule: dict[str, Any], life: Life, at: At) -> bool:
    """Whether a member matches at an instant."""
    return life.values["known_at"] <= at.now and _holds(rule, life, at)


def _holds(rule: dict[str, Any], life: Life, at: At) -> bool:
    if "all" in rule:
        return all(_holds(one, life, at) for one in rule["all"])
    if "any" in rule:
        return any(_holds(one, life, at) for one in rule["any"])
    if "not" in rule:
        return not _holds(rule["not"], life, at)
    if "field" in rule:
        return _field(rule, life, at)
    return _did(rule, life, at) if "did" in rule else _changed(rule, life, at)


COLUMNS = {
    "t_region": "region",
    "t_class": "risk_class",
    "t_registered": "registered_at",
    "t_born": "birth_date",
    "t_touched": "updated_at",
    "t_assessed": "risk_assessed_on",
    "t_tags": "tags",
    "t_horizon": "horizon",
}
FACTS = ("t_registered", "t_born")


def _field(rule: dict[str, Any], life: Life, at: At) -> bool:
    name, operator, given = rule["field"], rule["op"], rule.get("value")
    if name == "t_registered_at_all":
        registered = life.values["registered_at"]
        return given is (registered is not None and registered <= at.now) if registered else False
    value = life.values[COLUMNS[name]]
    if name in FACTS and value is not None and value > (at.now if isinstance(value, datetime) else at.today):
        value = None
    return compare(value, operator, given, at)


def compare(value: Any, operator: str, given: Any, at: At) -> bool:
    if isinstance(value, list):
        held, asked = set(value), set(given or ())
        return {
            "has_any": bool(held & asked),
            "has_all": asked <= held,
            "has_none": not held & asked,
            "empty": not held,
            "not_empty": bool(held),
        }[operator]
    if value is None or value == "":
        return operator == "missing"
    if operator in ("missing", "present"):
        return operator == "present"
    if isinstance(value, str):
        return {
            "=": lambda: value == given,
            "!=": lambda: value != given,
            "in": lambda: value in given,
            "not_in": lambda: value not in given,
            "starts_with": lambda: value.startswith(given),
            "contains": lambda: given in value,
        }[operator]()
    if isinstance(value, bool):
        return (value is given) is (operator != "!=")
    return _days(value, operator, given, at) if isinstance(value, date) else _number(value, operator, given)


def _number(value: Any, operator: str, given: Any) -> bool:
    if operator == "between":
        return Decimal(str(given[0])) <= value <= Decimal(str(given[1]))
    asked = Decimal(str(given))
    return {
        "=": value == asked, "!=": value != asked, "<": value < asked, "<=": value <= asked,
        ">": value > asked, ">=": value >= asked,
    }[operator]  # fmt: skip


def _days(value: Any, operator: str, given: Any, at: At) -> bool:
    is_instant = isinstance(value, datetime)
    day = at.day_of(value) if is_instant else value
    if isinstance(given, dict):
        there = value <= at.now if is_instant else day <= at.today
        if "hours" in given:
            length = timedelta(hours=given["hours"])
            return {
                "within_last": there and value >= at.now - length,
                "more_than_ago": value < at.now - length,
                "within_next": not there and value <= at.now + length,
            }[operator]
        ago = (at.today - day).days
        return {
            "within_last": there and ago <= given["days"],
            "more_than_ago": ago > given["days"],
            "within_next": (not there if is_instant else day >= at.today) and -ago <= given["days"],
        }[operator]
    first, last = (date.fromisoformat(one) for one in (given if operator == "between" else [given, given]))
    return {
        "on": day == first, "before": day < first, "after": day > first, "on_or_before": day <= first,
        "on_or_after": day >= first, "between": first <= day <= last,
    }[operator]  # fmt: skip


def _rows(rule: dict[str, Any], life: Life, at: At) -> list[tuple[Any, dict[str, Any]]]:
    rows: list[tuple[Any, dict[str, Any]]] = {
        "t_event": life.events,
        "t_trade": life.trades,
        "t_assessment": [(day, {}) for day in life.assessments],
    }[rule["did"]]
    there = [row for row in rows if row[0] <= (at.now if isinstance(row[0], datetime) else at.today)]
    [(operator, given)] = rule.get("period", {"": None}).items()
    operator = {"since": "on_or_after"}.get(operator, operator)
    return [
        row
        for row in there
        if (not operator or _days(row[0], operator, given, at))
        and all(_property(one, row[1], at) for one in rule.get("where", ()))
    ]


def _property(one: dict[str, Any], values: dict[str, Any], at: At) -> bool:
    name, dot, key = one["property"].partition(".")
    given, value = one.get("value"), values.get(name)
    if not dot:
        return compare(value, one["op"], given, at)
    value = (value or {}).get(key)
    if isinstance(given, bool):
        return compare(value if isinstance(value, bool) else None, one["op"], given, at)
    numbers = given[0] if isinstance(given, list) else given
    if isinstance(numbers, int):
        value = Decimal(str(value)) if isinstance(value, int) and not isinstance(value, bool) else None
    elif value is not None:
        value = str(value).lower() if isinstance(value, bool) else str(value)
    return compare(value, one["op"], given, at)


def _did(rule: dict[str, Any], life: Life, at: At) -> bool:
    rows = _rows(rule, life, at)
    if "never" in rule:
        return not rows
    if "sum" in rule:
        asked = rule["sum"]
        total = sum((values[asked["property"]] for _at, values in rows), Decimal(0))
        return _number(total, asked["op"], asked["value"])
    for measure, choose in (("first", min), ("last", max)):
        if measure in rule:
            asked = rule[measure]
            return bool(rows) and _days(choose(row[0] for row in rows), asked["op"], asked["value"], at)
    asked = rule.get("times", {"op": ">=", "value": 1})
    return _number(len(rows), asked["op"], asked["value"])


def _changed(rule: dict[str, Any], life: Life, at: At) -> bool:
    begin = at.today - timedelta(days=rule["within"]["days"])
    known = sorted((day, value) for day, value in life.valuations.items() if day <= at.today)
    inside = [value for day, value in known if day > begin]
    if not inside:
        return False
    seen = inside + [value for day, value in known if day <= begin][-1:]
    now, fell = known[-1][1], rule["direction"] == "fell"
    then = max(seen) if fell else min(seen)
    [(by, given)] = rule["by"].items()
    asked = Decimal(str(given))
    moved = then - now if fell else now - then
    return moved >= asked if by == "amount" else then > 0 and moved >= then * asked
