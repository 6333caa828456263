"""Personal values: their normal form, which is what is encrypted and searched for."""

from __future__ import annotations

import re
from datetime import date
from operator import mul

from crm.imports.reading.row_errors import RowRejected, make_reason

_USUAL_MOBILE = re.compile(r"1\d{10}", re.ASCII)
_MOBILE_NOISE = re.compile(r"[\s()\-‐-―.]")
_EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]+\.[^@\s.,;<>\"]{2,}")
_ID_NOISE = re.compile(r"[\s\-]")
_ID_CARD = re.compile(r"\d{17}[\dX]", re.ASCII)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
_ZEROS = ord("0") * sum(_WEIGHTS)
_CHECK_DIGITS = "10X98765432"
MAX_ADDRESS = 300


def mobile(text: str) -> str:
    """Chinese numbers as 11 digits, others as + and digits. Raises RowRejected."""
    if _USUAL_MOBILE.fullmatch(text):
        return text
    digits = _MOBILE_NOISE.sub("", text)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    national = re.sub(r"^(\+86|86(?=1\d{10}$))", "", digits)
    if re.fullmatch(r"1\d{10}", national, re.ASCII):
        return national
    if digits.startswith("+86") or not re.fullmatch(r"\+?\d{6,15}", digits, re.ASCII):
        raise RowRejected(make_reason("not_mobile"))
    if not digits.startswith("+") and len(digits) == 11:
        raise RowRejected(make_reason("mobile_start"))
    if re.fullmatch(r"1[3-9](\d{8}|\d{10})", digits, re.ASCII):
        raise RowRejected(make_reason("mobile_digits"))
    return digits


def email(text: str) -> str:
    """In lower case. Raises RowRejected."""
    lower = text.lower()
    if len(lower) > 254 or not _EMAIL.fullmatch(lower):
        raise RowRejected(make_reason("not_email"))
    return lower


def id_number(text: str) -> str:
    """A Chinese ID number (checked by GB 11643) or another document's. Raises RowRejected."""
    number = _ID_NOISE.sub("", text).upper()
    if _ID_CARD.fullmatch(number):
        total = sum(map(mul, _WEIGHTS, number[:17].encode())) - _ZEROS
        if _CHECK_DIGITS[total % 11] != number[17]:
            raise RowRejected(make_reason("id_check_digit"))
        if not _is_day(number[6:14]):
            raise RowRejected(make_reason("id_birth_date"))
        return number
    if re.fullmatch(r"\d{15}", number, re.ASCII):
        if not _is_day("19" + number[6:12]):
            raise RowRejected(make_reason("id_birth_date"))
        return number
    if not re.fullmatch(r"[A-Z0-9()]{4,30}", number) or re.fullmatch(r"\d{16,}[\dX]*", number, re.ASCII):
        raise RowRejected(make_reason("not_id_number"))
    return number


def _is_day(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


def address(text: str) -> str:
    """As written, on one line. Raises RowRejected."""
    line = " ".join(text.split())
    if len(line) > MAX_ADDRESS:
        raise RowRejected(make_reason("too_long", size=MAX_ADDRESS))
    return line
