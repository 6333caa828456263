"""What is wrong with a rule: codes with the JSON path of each mistake. members.rules.sentences words them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from crm.runtime.clock import zone
from crm.runtime.errors import CodedError


class Mistake(StrEnum):
    """Why a rule is refused."""

    NOT_JSON = "rule_not_json"
    NOT_A_RULE = "rule_not_a_rule"
    TOO_DEEP = "rule_too_deep"
    TOO_MANY = "rule_too_many"
    TOO_MANY_PROPERTIES = "rule_too_many_properties"
    EMPTY = "rule_empty"
    TWICE = "rule_key_twice"
    UNKNOWN_KEY = "rule_unknown_key"
    MISSING_KEY = "rule_missing_key"
    ONE_MEASURE = "rule_one_measure"
    UNKNOWN_FIELD = "rule_unknown_field"
    UNKNOWN_FIELD_NEAR = "rule_unknown_field_near"
    UNKNOWN_ACTIVITY = "rule_unknown_activity"
    UNKNOWN_PROPERTY = "rule_unknown_property"
    UNKNOWN_MEASURE = "rule_unknown_measure"
    NO_KEY = "rule_property_needs_key"
    NOT_SUMMED = "rule_not_summed"
    UNKNOWN_OPERATOR = "rule_unknown_operator"
    UNKNOWN_PERIOD = "rule_unknown_period"
    TAKES_NO_VALUE = "rule_takes_no_value"
    NOT_A_NUMBER = "rule_not_a_number"
    NOT_WHOLE = "rule_not_whole"
    NUMBER_RANGE = "rule_number_range"
    SHARE_RANGE = "rule_share_range"
    AMOUNT_RANGE = "rule_amount_range"
    NOT_A_PAIR = "rule_not_a_pair"
    LOW_ABOVE_HIGH = "rule_low_above_high"
    NOT_TEXT = "rule_not_text"
    BAD_TEXT = "rule_bad_text"
    TOO_LONG = "rule_too_long"
    NOT_A_LIST = "rule_not_a_list"
    NOT_CHOSEN = "rule_not_chosen"
    NOT_A_DAY = "rule_not_a_day"
    DAY_RANGE = "rule_day_range"
    NOT_A_SPAN = "rule_not_a_span"
    SPAN_RANGE = "rule_span_range"
    NO_HOURS = "rule_no_hours"
    NOT_A_FLAG = "rule_not_a_flag"
    CYCLE = "rule_cycle"
    NO_HISTORY = "rule_no_history"
    HISTORY_BEGINS = "rule_history_begins"
    NOT_EVALUATED = "rule_not_evaluated"


class BadRule(CodedError):
    """One mistake, at the JSON path `path` ("$.all[1].value[0]")."""

    def __init__(self, path: str, code: str, **params: Any) -> None:
        super().__init__(code, **params)
        self.path = path


class NoHistory(BadRule):
    """A past day is asked for of which this field does not keep the value, or only from `since` on."""

    def __init__(self, path: str, field: str, since: datetime | None = None) -> None:
        if since is None:
            super().__init__(path, Mistake.NO_HISTORY, field=field)
        else:
            first = since.astimezone(zone()).isoformat(timespec="seconds")
            super().__init__(path, Mistake.HISTORY_BEGINS, field=field, first=first)


class BadRules(ValueError):
    """All mistakes of a rule, in the order in which they stand in it; at most MOST_MISTAKES."""

    def __init__(self, mistakes: Sequence[BadRule]) -> None:
        super().__init__("; ".join(f"{one.path}: {one}" for one in mistakes))
        self.mistakes = tuple(mistakes)


MOST_MISTAKES = 20
