"""JSON text into Python values, for `parse`."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal, InvalidOperation
from typing import Any

from members.rules.language.errors import BadRule, BadRules, Mistake

LONGEST = 1_000_000  # bytes of a rule; one of 60 conditions has a few thousand


_MOST_DIGITS = 1_000  # of a whole number; none that can be asked for has so many


class JsonObject(dict[str, Any]):
    """An object as it was written: `twice` are the keys that it has more than once."""

    twice: tuple[str, ...] = ()


def read_json(text: str | bytes) -> Any:
    """The value that a JSON text writes, numbers with fractions as Decimal, objects as JsonObject.

    A number beyond all that can be read is an infinite Decimal, so that it is refused where it stands. Raises
    BadRules on what is no JSON, too long, or not UTF-8.
    """
    if len(text) > LONGEST:
        raise BadRules([BadRule("$", Mistake.TOO_LONG, most=LONGEST)])
    try:
        return json.loads(text, object_pairs_hook=_object, parse_float=_decimal, parse_int=_whole)
    except RecursionError:
        raise BadRules([BadRule("$", Mistake.TOO_DEEP, most=8)]) from None
    except ValueError as error:
        where = f"{error.lineno}:{error.colno}" if isinstance(error, json.JSONDecodeError) else "1"
        raise BadRules([BadRule("$", Mistake.NOT_JSON, where=where)]) from None


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent of more than 18 digits
        return Decimal("Infinity")


def _whole(text: str) -> int | Decimal:
    return int(text) if len(text) <= _MOST_DIGITS else Decimal("Infinity")


def _object(pairs: list[tuple[str, Any]]) -> JsonObject:
    found = JsonObject(pairs)
    if len(found) < len(pairs):
        written = Counter(key for key, _value in pairs)
        found.twice = tuple(key for key in found if written[key] > 1)
    return found
