"""What is wrong with a value, told so that it helps where the value itself is masked: no letter or digit of
it is quoted, only what kind of sign stands at which place."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from django.conf import settings

from crm.imports.errors.row_errors import Reason, make_reason
from crm.imports.values import money
from crm.imports.values.texts import NOTHING

_HIDDEN = frozenset({"Cf", "Cc", "Co", "Cn", "Cs"})


def unexpected_sign(allowed: str, text: str) -> Reason | None:
    """The first sign of a text that is none of the allowed, by its kind and its place, from 1."""
    for place, sign in enumerate(text, 1):
        if sign not in allowed:
            return _named(place, sign)
    return make_reason("signs_many", count=len(text))


def _named(place: int, sign: str) -> Reason:
    folded = unicodedata.normalize("NFKC", sign)
    category = unicodedata.category(sign)
    if category in _HIDDEN:
        return make_reason("sign_hidden", place=place, sign=f"U+{ord(sign):04X}")
    if sign.isspace():
        return make_reason("sign_blank", place=place)
    if category.startswith("N") and not sign.isascii():
        return make_reason("sign_wide", place=place, sign="0-9")
    if category.startswith("N"):
        return make_reason("sign_digit", place=place)
    if category.startswith("L"):
        han = "CJK" in unicodedata.name(sign, "")
        return make_reason("sign_han" if han else "sign_letter", place=place)
    if folded != sign and folded.isascii():
        return make_reason("sign_wide", place=place, sign=folded)
    return make_reason("sign_named", place=place, sign=sign)


def explain_required(text: str, why: Reason) -> Reason:
    """A required value that was empty, or a word for nothing."""
    return make_reason("nothing_word") if text.strip() in NOTHING else why


def explain_signs(allowed: str, text: str, why: Reason) -> Reason:
    """The reason with the first sign that does not belong in such a value."""
    return replace(why, detail=unexpected_sign(allowed, text.strip()))


def explain_amount(text: str, why: Reason) -> Reason:
    """Why a text is no amount, in words about what people mean by it."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if re.search(r"[万亿]", plain):
        return make_reason("amount_unit")
    if money.is_other(plain, settings.BUSINESS_CURRENCY):
        return make_reason("amount_currency", currency=settings.BUSINESS_CURRENCY)
    if re.fullmatch(r"\D*\d+(?:[. ']\d{3})*,\d{1,2}\D*|\D*\d{1,3}(?:\.\d{3})+,\d+\D*", plain):
        return make_reason("decimal_comma")
    if "," in plain:
        return make_reason("thousands")
    return replace(why, detail=unexpected_sign("0123456789.", text.strip()))


def explain_moment(text: str, why: Reason) -> Reason:
    """Why a text is no day or instant, in words about what it probably is."""
    plain = unicodedata.normalize("NFKC", text).strip()
    digits = re.sub(r"\D", "", plain)
    if digits and not digits.strip("0"):
        return make_reason("zero_day")
    if re.match(r"(1900[-/.年]0?1[-/.月]0?0|1899[-/.年]12[-/.月]30)(?!\d)", plain):
        return make_reason("day_zero")
    if why.code in ("no_such_instant", "no_such_day", "before_1900"):
        return why
    if re.match(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}(?!\d)", plain):
        return make_reason("which_first")
    if re.match(r"\d{1,2}([-/.年]\d{1,2}[-/.月]|[-/. ]?[A-Za-z]{3,9}[-/. ]?)\d{1,2}(?!\d)", plain):
        return make_reason("short_year")
    if re.fullmatch(r"\d{10}(\d{3})?(\.\d+)?", plain):
        return make_reason("unix_time")
    if re.fullmatch(r"\d{1,5}(\.\d+)?", plain):
        return make_reason("serial_day")
    return replace(why, detail=unexpected_sign("0123456789-/:.TZ+ 年月日时分秒", text.strip()))
