"""Variables of copy: declared with a type, checked and written by it.

A declaration is {"type": "share", "example": "0.035"}, or {"type": "member_field", "field": "name"} for what
is known of the recipient. Dates are `date`; amounts are Decimal in platform currency; shares are fractions
(0.035 is 3.5%).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from django.conf import settings

from campaigns.review.copy.errors import CopyRefused, Refusal

LONGEST_VALUE = 80  # characters of a text
LONGEST_LINK = 300
MOST_VARIABLES = 20
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


class VariableType(StrEnum):
    DATE = "date"
    AMOUNT = "amount"
    NUMBER = "number"
    SHARE = "share"
    TEXT = "text"
    LINK = "link"  # of the product's own: whoever sends makes it
    MEMBER_FIELD = "member_field"


class MemberField(StrEnum):
    """What of the recipient may stand in a message: never accounts, balances or answers."""

    NAME = "name"
    MANAGER = "manager"
    ASSESSMENT_ENDS = "assessment_ends"


_FIELD_TYPES = {
    MemberField.NAME: VariableType.TEXT,
    MemberField.MANAGER: VariableType.TEXT,
    MemberField.ASSESSMENT_ENDS: VariableType.DATE,
}
# What stands for a value while a template is checked.
_STAND_INS = {
    "zh": {
        "date": "2026年1月1日",
        "amount": "1,000.00元",
        "number": "12",
        "share": "3.50%",
        "text": "某某",
        "link": "https://example.com/a",
    },
    "en": {
        "date": "1 Jan 2026",
        "amount": "CNY 1,000.00",
        "number": "12",
        "share": "3.50%",
        "text": "Alex",
        "link": "https://example.com/a",
    },
}


_EXAMPLES = {"date": "2026-01-01", "amount": "1000", "number": "12", "share": "0.035"}


@dataclass(frozen=True)
class Variable:
    """A declared variable; `kind` is how its values are checked and written, `field` where they come from.

    `example` is a value that samples are rendered with; of a field of members they have real ones.
    """

    name: str
    kind: VariableType
    field: MemberField | None = None
    example: str = ""

    def example_value(self, language: str) -> str:
        """A value to show it with."""
        return self.example or _EXAMPLES.get(self.kind) or self.stand_in(language)

    def stand_in(self, language: str) -> str:
        """A harmless value, as it is written."""
        return _STAND_INS[language][self.kind]


def read_variables(declared: Mapping[str, Any]) -> dict[str, Variable]:
    """The declarations by name. Raises CopyRefused naming the one that is wrong."""
    if not isinstance(declared, Mapping) or len(declared) > MOST_VARIABLES:
        raise CopyRefused(Refusal.BAD_VARIABLE, name="…")
    return {name: _read(name, entry) for name, entry in declared.items()}


def _read(name: str, entry: Any) -> Variable:
    try:
        kind = VariableType(entry["type"])
        field = MemberField(entry["field"]) if kind == VariableType.MEMBER_FIELD else None
        known = {"type", "example"} if field is None else {"type", "field"}
        if not _NAME.fullmatch(name) or not set(entry) <= known:
            raise ValueError(name)
    except (KeyError, TypeError, ValueError) as error:
        raise CopyRefused(Refusal.BAD_VARIABLE, name=name) from error
    variable = Variable(name, _FIELD_TYPES[field] if field else kind, field, entry.get("example", ""))
    if variable.example:
        write_value(variable, variable.example, "zh")
    return variable


def write_value(variable: Variable, value: Any, language: str) -> str:
    """The value as it stands in a text of this language. Raises CopyRefused for one of another type."""
    try:
        return _WRITERS[variable.kind](value, language)
    except (TypeError, ValueError, InvalidOperation) as error:
        raise CopyRefused(Refusal.BAD_VALUE, name=variable.name, type=variable.kind.value) from error


class _WrittenNumber(Decimal):
    """A number that conditions compare and that is put out as it is written."""

    text = ""

    def __str__(self) -> str:
        return self.text


def value_of(variable: Variable, value: Any, language: str) -> str | Decimal:
    """The value for Liquid: as it is written, but numbers still compare as numbers. Raises as write_value."""
    text = write_value(variable, value, language)
    if variable.kind not in (VariableType.AMOUNT, VariableType.NUMBER, VariableType.SHARE):
        return text
    number = _WrittenNumber(value)
    number.text = text
    return number


def _date(value: Any, language: str) -> str:
    day = value if type(value) is date else date.fromisoformat(value)
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _decimal(value: Any) -> Decimal:
    if isinstance(value, bool | float):
        raise TypeError("exact numbers only")
    number = Decimal(value)
    if not number.is_finite() or abs(number) >= 10**14:
        raise ValueError("out of range")
    return number


def _amount(value: Any, language: str) -> str:
    number = f"{_decimal(value):,.2f}"
    currency: str = settings.BUSINESS_CURRENCY
    return f"{number}元" if language == "zh" and currency == "CNY" else f"{currency} {number}"


def _number(value: Any, language: str) -> str:
    return f"{_decimal(value):,f}"


def _share(value: Any, language: str) -> str:
    return f"{_decimal(value) * 100:,.2f}%"


def _text(value: Any, language: str) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    if not value.strip() or len(value) > LONGEST_VALUE or "{{" in value or "{%" in value:
        raise ValueError("empty, too long, or a template")
    if any(unicodedata.category(sign).startswith("C") or sign in "\u2028\u2029" for sign in value):
        raise ValueError("a control sign")
    return value


def _link(value: Any, language: str) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    if not 0 < len(value) <= LONGEST_LINK or not value.isascii() or not value.isprintable() or " " in value:
        raise ValueError("no address")
    return value


_WRITERS = {
    VariableType.DATE: _date,
    VariableType.AMOUNT: _amount,
    VariableType.NUMBER: _number,
    VariableType.SHARE: _share,
    VariableType.TEXT: _text,
    VariableType.LINK: _link,
}
