"""The values of conditions: JSON into numbers, days, spans and texts. Each raises BadRule with its path."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from members.rules.catalogue.choices import read_choices
from members.rules.catalogue.types import Choice, Type
from members.rules.language.errors import BadRule, Mistake
from members.rules.language.near import listed, shown
from members.rules.language.operators import Shape
from members.rules.language.tree import Span

DIGITS = 18  # before the point: what a column of amounts holds
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 12, 31)
LONGEST_TEXT, LONGEST_LIST = 200, 1_000
MOST_DAYS, MOST_HOURS = 36_500, 87_600
_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,20})?", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True)
class Expected:
    """What a value has to be: `type` of what it is compared with, `choices` of it where only these can be."""

    type: Type
    choices: Callable[[], Sequence[Choice]] | None = None


def parse_value(data: Any, path: str, shape: Shape, expected: Expected) -> Any:
    """Decimal, date, Span, bool, text, or a tuple of them. Raises BadRule."""
    match shape:
        case Shape.NUMBER:
            return number(data, path)
        case Shape.NUMBERS:
            return pair(data, path, number)
        case Shape.DAY:
            return day(data, path)
        case Shape.DAYS:
            return pair(data, path, day)
        case Shape.SPAN:
            return span(data, path, hours=expected.type is Type.INSTANT)
        case Shape.FLAG:
            return _flag(data, path)
        case Shape.TEXT:
            return _chosen(text(data, path), path, _values(expected))
        case _:
            return _texts(data, path, _values(expected))


def number(data: Any, path: str) -> Decimal:
    """A number, or a text of digits; never a flag."""
    if isinstance(data, str) and _NUMBER.fullmatch(data.strip()):
        found = Decimal(data.strip())
    elif isinstance(data, int | float | Decimal) and not isinstance(data, bool):
        found = Decimal(str(data)) if isinstance(data, float) else _decimal(data)
    else:
        raise BadRule(path, Mistake.NOT_A_NUMBER, value=shown(data))
    if not found.is_finite() or (found and abs(found.adjusted()) >= DIGITS) or len(str(found)) > 2 * DIGITS:
        raise BadRule(path, Mistake.NUMBER_RANGE, value=shown(data))
    return found or Decimal(0)


def _decimal(value: int | Decimal) -> Decimal:
    # Telling a huge whole number in digits takes longer than all else here.
    return value if isinstance(value, Decimal) else Decimal(max(-(10**DIGITS), min(value, 10**DIGITS)))


def whole(data: Any, path: str, most: int) -> int:
    """A whole number from 0 to `most`."""
    found = number(data, path)
    if found != found.to_integral_value() or not 0 <= found <= most:
        raise BadRule(path, Mistake.NOT_WHOLE, value=shown(data), most=most)
    return int(found)


def pair(data: Any, path: str, one: Callable[[Any, str], Any]) -> tuple[Any, Any]:
    """[low, high], both included."""
    if not isinstance(data, list | tuple) or len(data) != 2:
        raise BadRule(path, Mistake.NOT_A_PAIR, value=shown(data))
    low, high = (one(value, f"{path}[{place}]") for place, value in enumerate(data))
    if low > high:
        raise BadRule(path, Mistake.LOW_ABOVE_HIGH, low=shown(data[0]), high=shown(data[1]))
    return low, high


def text(data: Any, path: str) -> str:
    """A text that can be stored, neither empty nor longer than any value."""
    if not isinstance(data, str):
        raise BadRule(path, Mistake.NOT_TEXT, value=shown(data))
    if len(data) > LONGEST_TEXT:
        raise BadRule(path, Mistake.TOO_LONG, most=LONGEST_TEXT)
    if not data or _UNSTORABLE.search(data):
        raise BadRule(path, Mistake.BAD_TEXT, value=shown(data))
    return data


def _values(expected: Expected) -> list[str] | None:
    return None if expected.choices is None else [one.value for one in read_choices(expected.choices)]


def _chosen(value: str, path: str, values: list[str] | None) -> str:
    if values is not None and value not in values:
        raise BadRule(path, Mistake.NOT_CHOSEN, value=shown(value), choices=listed(values, value))
    return value


def _texts(data: Any, path: str, values: list[str] | None) -> tuple[str, ...]:
    if not isinstance(data, list | tuple) or not data:
        raise BadRule(path, Mistake.NOT_A_LIST, value=shown(data))
    if len(data) > LONGEST_LIST:
        raise BadRule(path, Mistake.TOO_LONG, most=LONGEST_LIST)
    found = [(text(one, f"{path}[{place}]"), f"{path}[{place}]") for place, one in enumerate(data)]
    return tuple(dict.fromkeys(_chosen(value, at, values) for value, at in found))


def day(data: Any, path: str) -> date:
    """A platform day in ISO 8601."""
    if not isinstance(data, str) or not _DAY.fullmatch(data):
        raise BadRule(path, Mistake.NOT_A_DAY, value=shown(data))
    try:
        found = date.fromisoformat(data)
    except ValueError:
        raise BadRule(path, Mistake.NOT_A_DAY, value=shown(data)) from None
    if not EARLIEST <= found <= LATEST:
        raise BadRule(path, Mistake.DAY_RANGE, first=EARLIEST.isoformat(), last=LATEST.isoformat())
    return found


def span(data: Any, path: str, *, hours: bool, least: int = 0) -> Span:
    """{"days": n}, or {"hours": n} where `hours` are allowed."""
    if not isinstance(data, dict) or len(data) != 1 or not data.keys() <= {"days", "hours"}:
        raise BadRule(path, Mistake.NOT_A_SPAN, value=shown(data))
    [(unit, count)] = data.items()
    if unit == "hours" and not hours:
        raise BadRule(f"{path}.hours", Mistake.NO_HOURS)
    most = MOST_HOURS if unit == "hours" else MOST_DAYS
    least = 1 if unit == "hours" else least
    found = number(count, f"{path}.{unit}")
    if found != found.to_integral_value() or not least <= found <= most:
        raise BadRule(f"{path}.{unit}", Mistake.SPAN_RANGE, value=shown(count), least=least, most=most)
    return Span(**{unit: int(found)})


def _flag(data: Any, path: str) -> bool:
    if not isinstance(data, bool):
        raise BadRule(path, Mistake.NOT_A_FLAG, value=shown(data))
    return data
