"""The operators that the form offers for each type, in words, and what each is given."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from crm.runtime.extension.labels import Label, Verbatim
from members.rules.catalogue.types import Type


class Given(Enum):
    """What stands behind an operator in the form."""

    NOTHING = "nothing"
    ONE = "one"
    TWO = "two"
    LIST = "list"
    SPAN = "span"


NUMBERS = {
    ">=": pgettext_lazy("operator", "is at least"),
    "<=": pgettext_lazy("operator", "is at most"),
    ">": pgettext_lazy("operator", "is more than"),
    "<": pgettext_lazy("operator", "is less than"),
    "between": pgettext_lazy("operator", "is between"),
    "=": pgettext_lazy("operator", "is exactly"),
    "!=": pgettext_lazy("operator", "is not"),
}
MISSING = {
    "missing": pgettext_lazy("operator", "has no value"),
    "present": pgettext_lazy("operator", "has a value"),
}
DAYS = {
    "within_last": pgettext_lazy("operator of days", "is within the last"),
    "more_than_ago": pgettext_lazy("operator of days", "is more than"),
    "within_next": pgettext_lazy("operator of days", "is within the next"),
    "on_or_after": pgettext_lazy("operator of days", "is on or after"),
    "on_or_before": pgettext_lazy("operator of days", "is on or before"),
    "after": pgettext_lazy("operator of days", "is after"),
    "before": pgettext_lazy("operator of days", "is before"),
    "on": pgettext_lazy("operator of days", "is on"),
    "between": pgettext_lazy("operator of days", "is between"),
}
_LISTS = {
    "in": pgettext_lazy("operator", "is any of"),
    "not_in": pgettext_lazy("operator", "is none of"),
}
_EQUAL = {
    "=": pgettext_lazy("operator", "is"),
    "!=": pgettext_lazy("operator", "is not"),
}
_NUMBER = {**NUMBERS, **MISSING}
_DAY = {**DAYS, **MISSING}
_SET = {
    "has_any": pgettext_lazy("operator", "has any of"),
    "has_all": pgettext_lazy("operator", "has all of"),
    "has_none": pgettext_lazy("operator", "has none of"),
    "empty": pgettext_lazy("operator", "is empty"),
    "not_empty": pgettext_lazy("operator", "is not empty"),
}
_TEXT = {
    "contains": pgettext_lazy("operator", "contains"),
    "starts_with": pgettext_lazy("operator", "starts with"),
    **_EQUAL,
    **_LISTS,
    **MISSING,
}
# The first one is what a new condition starts with.
OPERATORS: Mapping[Type, Mapping[str, Promise]] = {
    Type.MONEY: _NUMBER,
    Type.NUMBER: _NUMBER,
    Type.TEXT: _TEXT,
    Type.CHOICE: {**_LISTS, **_EQUAL, **MISSING},
    Type.DAY: _DAY,
    Type.INSTANT: _DAY,
    Type.FLAG: {"is": pgettext_lazy("operator", "is")},
    Type.SET: _SET,
}
# A value under a key of an open property is a text, or a number where it is compared as one.
OPEN: Mapping[str, Promise] = {
    **_TEXT,
    **{name: NUMBERS[name] for name in ("<", "<=", ">", ">=", "between")},
}
AS_NUMBERS = frozenset(OPEN) - frozenset(_TEXT)
_GIVEN = {
    **dict.fromkeys(("missing", "present", "empty", "not_empty"), Given.NOTHING),
    **dict.fromkeys(("in", "not_in", "has_any", "has_all", "has_none"), Given.LIST),
    **dict.fromkeys(("within_last", "more_than_ago", "within_next"), Given.SPAN),
    "between": Given.TWO,
}
# A list says the same, and more of it can be checked.
RARE = {Type.CHOICE: frozenset({"=", "!="})}

GROUPS = {
    "all": pgettext_lazy("group", "Match all of these"),
    "any": pgettext_lazy("group", "Match any of these"),
    "none": pgettext_lazy("group", "Match none of these"),
    "not_all": pgettext_lazy("group", "Do not match all of these"),
}
MEASURES = {
    "times": pgettext_lazy("measure", "number of times"),
    "never": pgettext_lazy("measure", "never"),
    "sum": pgettext_lazy("measure", "total"),
    "first": pgettext_lazy("measure", "first time"),
    "last": pgettext_lazy("measure", "last time"),
}
PERIODS = {
    "": pgettext_lazy("period", "at any time"),
    "within_last": pgettext_lazy("period", "within the last"),
    "since": pgettext_lazy("period", "since"),
    "before": pgettext_lazy("period", "before"),
    "between": pgettext_lazy("period", "between"),
}
DIRECTIONS = {
    "fell": pgettext_lazy("direction", "fell by at least"),
    "rose": pgettext_lazy("direction", "rose by at least"),
}
BY: Mapping[str, Label] = {
    "share": Verbatim("%"),
    "amount": pgettext_lazy("by", "in money"),
}


def given(operator: str) -> Given:
    """What an operator is given; one value where it is unknown."""
    return _GIVEN.get(operator, Given.ONE)


def default_operator(of: Type) -> str:
    """The operator that a new condition starts with."""
    return next(iter(OPERATORS[of]))


def span_units(operator: str, *, hours: bool) -> dict[str, Promise]:
    """The units of a span after an operator, in words."""
    units: dict[str, Promise]
    if operator == "more_than_ago":
        units = {
            "days": pgettext_lazy("unit ago", "days ago"),
            "hours": pgettext_lazy("unit ago", "hours ago"),
        }
    else:
        units = {
            "days": pgettext_lazy("unit within", "days"),
            "hours": pgettext_lazy("unit within", "hours"),
        }
    return units if hours else {"days": units["days"]}
