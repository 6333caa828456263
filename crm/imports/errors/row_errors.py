"""Why a row or a file is rejected: a code with its parameters, put into words at the edge.

Rooms above publish the reasons of their own kinds. Stored and passed on are code and parameters; the English
words are the stable ones of `--json` and of exported files, `said()` speaks the reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext, gettext_noop, override

DETAIL = "detail"  # among stored parameters
_WORDS: dict[str, str] = {
    "required": gettext_noop("is required"),
    "too_long": gettext_noop("longer than %(size)s characters"),
    "persons_number": gettext_noop("looks like a mobile, ID or card number, or an email address"),
    "too_many_bytes": gettext_noop("longer than %(size)s bytes"),
    "word_too_long": gettext_noop("a tag longer than %(size)s characters"),
    "not_instant": gettext_noop("not an ISO 8601 date or time"),
    "not_day": gettext_noop("not an ISO 8601 date (YYYY-MM-DD)"),
    "no_such_instant": gettext_noop("no such date or time"),
    "no_such_day": gettext_noop("no such date"),
    "before_1900": gettext_noop("before 1900"),
    "far_future": gettext_noop("more than one year in the future"),
    "future": gettext_noop("in the future"),
    "not_positive": gettext_noop("must be greater than 0"),
    "negative": gettext_noop("must not be negative"),
    "thousands": gettext_noop("thousands separators must separate groups of three digits"),
    "not_number": gettext_noop("not a number"),
    "decimals": gettext_noop("more than 2 decimal places"),
    "too_large": gettext_noop("too large (at most %(digits)s digits before the decimal point)"),
    "other_currency": gettext_noop("%(value)s is not the platform currency (%(currency)s)"),
    "not_one_of": gettext_noop("must be one of %(words)s"),
    "not_whole": gettext_noop("not a whole number"),
    "above": gettext_noop("greater than %(most)s"),
    "below": gettext_noop("less than %(least)s"),
    "not_json": gettext_noop("not valid JSON"),
    "not_object": gettext_noop("not a JSON object"),
    "json_depth": gettext_noop("nested more than %(most)s levels deep"),
    "json_number": gettext_noop("a number with more than %(digits)s digits"),
    "json_at": gettext_noop("at %(path)s"),
    "sign_named": gettext_noop("character %(place)s is “%(sign)s”"),
    "sign_wide": gettext_noop("character %(place)s is a full-width “%(sign)s”"),
    "sign_digit": gettext_noop("character %(place)s is a digit"),
    "sign_letter": gettext_noop("character %(place)s is a letter"),
    "sign_han": gettext_noop("character %(place)s is a Chinese character"),
    "sign_blank": gettext_noop("character %(place)s is a blank"),
    "sign_hidden": gettext_noop("character %(place)s is invisible (%(sign)s)"),
    "signs_many": gettext_noop("%(count)s characters"),
    "nothing_word": gettext_noop("is required; this value counts as empty"),
    "decimal_comma": gettext_noop("a decimal comma is not accepted; write 12.50, not 12,50"),
    "amount_currency": gettext_noop("another currency; the platform currency is %(currency)s"),
    "amount_unit": gettext_noop("written in 万 or 亿; enter the full amount"),
    "zero_day": gettext_noop("0000-00-00 means no date; leave the cell empty"),
    "day_zero": gettext_noop("1900-01-00 means no date; leave the cell empty"),
    "which_first": gettext_noop("day or month first? Choose the date order"),
    "short_year": gettext_noop("the year has two digits; write all four"),
    "serial_day": gettext_noop(
        "a number; if the column contains spreadsheet date numbers, select that option for it"
    ),
    "unix_time": gettext_noop("seconds since 1970; convert them to dates first"),
    "bad_quote": gettext_noop("unclosed or misplaced quote"),
    "field_count": gettext_noop("%(fields)s fields; the header has %(named)s"),
    "lost_signs": gettext_noop("contains �: an earlier program lost a character; export the file again"),
    "nul": gettext_noop("contains a NUL character"),
    "in_and_out": gettext_noop("money in and money out in one row"),
    "formatted": gettext_noop("an ID cannot contain decimals or separators; export this column as text"),
    "rounded": gettext_noop("rounded by a spreadsheet, digits are lost; export this column as text"),
    "undecodable": gettext_noop("cannot be decoded as %(encoding)s"),
}


@dataclass(frozen=True)
class Reason:
    """A published code and what its words need; `detail` says what is wrong with this very value.

    A detail never quotes a letter or digit of the value, so that it may be shown where the value is masked.
    """

    code: str
    params: tuple[tuple[str, str | int], ...] = ()
    detail: Reason | None = None

    @property
    def english(self) -> str:
        """The words that do not change with the reader, without the detail."""
        with override("en"):
            return self._words()

    def _words(self) -> str:
        words = _WORDS.get(self.code)  # kept by an earlier version, a code may be known no more
        return gettext(words) % dict(self.params) if words else self.code

    def said(self) -> str:
        """The words in the language that is active now, with the detail."""
        if self.detail is None:
            return self._words()
        return gettext("%(reason)s: %(detail)s") % {"reason": self._words(), "detail": self.detail.said()}

    def given(self, **params: str | int) -> Reason:
        """The same reason with more to say."""
        return replace(self, params=tuple({**dict(self.params), **params}.items()))

    def stored(self) -> list[Any]:
        """As JSON: [code, {parameter: value}], the detail among the parameters."""
        detail = {DETAIL: self.detail.stored()} if self.detail else {}
        return [self.code, dict(self.params) | detail]


class RowRejected(ValueError):
    """A value or a file is rejected; `reason` says why, the message is its English."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.english)
        self.reason = reason


def make_reason(code: str, **params: str | int) -> Reason:
    """A reason by its code. Raises KeyError on one that nobody published."""
    if code not in _WORDS:
        raise KeyError(code)
    return Reason(code, tuple(params.items()))


def load_reason(code: str, params: Mapping[str, Any]) -> Reason:
    """A reason as it was kept."""
    plain = {name: value for name, value in params.items() if name != DETAIL}
    detail = load_reason(*params[DETAIL]) if DETAIL in params else None
    return Reason(code, tuple(plain.items()), detail)


def publish(words: Mapping[str, str]) -> None:
    """Make reasons known: code → English words, marked with gettext_noop."""
    _WORDS.update(words)
