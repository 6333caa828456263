"""Personal values: their normal form, which is what is encrypted and searched for."""

from __future__ import annotations

import re
from datetime import date
from operator import mul

from crm.imports.errors.row_errors import RowRejected, make_reason
from crm.runtime.text.normal_form import identifier, is_rounded, line

_USUAL_MOBILE = re.compile(r"1\d{10}", re.ASCII)
_DECIMALS = re.compile(r"(\+?\d+)\.0{1,2}", re.ASCII)  # of a number that a spreadsheet exported
# Dashes, dots and brackets that people put between digits, and what a program puts before them.
_MOBILE_NOISE = re.compile(r"^tel:|[\s()\[\]\-\u2010-\u2015\u2212\u30fb\u30fc\u00b7.']", re.IGNORECASE)
_TRUNK = re.compile(r"\(0\)")  # +86 (0)138…: dialled at home only
_NORTH_AMERICA = re.compile(r"\+1[2-9]\d{2}[2-9]\d{6}", re.ASCII)
# A masked name (a***@), a link or a remark around an address is none.
_LABEL = r"[^\W_](?:[\w\-]*[^\W_])?"
_EMAIL = re.compile(rf"[^@\s,;:<>\"()\[\]\\*/]{{1,64}}@(?:{_LABEL}\.)+[^\W\d_][\w\-]*[^\W_]")
_LONG_NUMBER = re.compile(r"\d{14}")  # no other document has one: a damaged ID number
_IDEOGRAPHIC_STOPS = str.maketrans("。｡．", "...")
_ID_NOISE = re.compile(r"[\s\-\u2010-\u2015\u2212]")
_ID_CARD = re.compile(r"\d{17}[\dX]", re.ASCII)
_LOOKS_LIKE_X = re.compile(r"(?<=\d{17})[×хХ✕✖*]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
_ZEROS = ord("0") * sum(_WEIGHTS)
_CHECK_DIGITS = "10X98765432"
MAX_ADDRESS = 300


def mobile(text: str) -> str:
    """Chinese numbers as 11 digits, others as + and digits. Raises RowRejected.

    Without a + only what cannot be a damaged Chinese number counts as foreign.
    """
    text = identifier(text)
    if _USUAL_MOBILE.fullmatch(text):
        return text
    if is_rounded(text):
        raise RowRejected(make_reason("rounded"))
    if whole := _DECIMALS.fullmatch(text):
        text = whole[1]
    digits = _MOBILE_NOISE.sub("", _TRUNK.sub("", text))
    if digits.startswith("00"):
        digits = "+" + digits.lstrip("0")
    if not re.fullmatch(r"\+?\d{6,15}", digits, re.ASCII):
        raise RowRejected(make_reason("not_mobile"))
    return _foreign(digits) if digits.startswith("+") and digits[1:3] != "86" else _national(digits)


def _foreign(digits: str) -> str:
    """A number with the code of another country. Raises RowRejected."""
    if digits[1] == "0" or (digits[1] == "1" and not _NORTH_AMERICA.fullmatch(digits)):
        raise RowRejected(make_reason("not_mobile"))
    return digits


def _national(digits: str) -> str:
    """A Chinese number, with or without country code and trunk zero; or one that seems to be none."""
    without_code = re.sub(r"^(\+86|0?86(?=0?1\d{10}$))", "", digits)
    number = re.sub(r"^0(?=1)", "", without_code)
    if re.fullmatch(r"1\d{10}", number, re.ASCII):
        return number
    if number[0] == "1" and (len(number) < 11 or re.fullmatch(r"1[3-9]\d+", number)):
        raise RowRejected(make_reason("not_mobile" if digits[0] == "+" else "mobile_digits"))
    if re.fullmatch(r"86\d{8,}|[3-9]\d{9}", digits):  # the latter without its first digit
        raise RowRejected(make_reason("mobile_digits"))
    if digits[0] in "+0":
        raise RowRejected(make_reason("not_mobile"))
    if len(digits) == 11:
        raise RowRejected(make_reason("mobile_start"))
    return digits


def email(text: str) -> str:
    """In lower case, without what programs put around it. Raises RowRejected."""
    lower = identifier(text).lower()
    if lower.startswith("mailto:"):
        lower = lower.removeprefix("mailto:").partition("?")[0].strip(" ")
    lower = lower.removeprefix("'")  # of a spreadsheet's text
    if lower.startswith("<") and lower.endswith(">"):
        lower = lower[1:-1].strip(" ")
    name, at, domain = lower.rpartition("@")
    lower = name + at + domain.translate(_IDEOGRAPHIC_STOPS)
    if len(lower) > 254 or not _EMAIL.fullmatch(lower):
        raise RowRejected(make_reason("not_email"))
    return lower


def id_number(text: str) -> str:
    """A Chinese ID number (checked by GB 11643) or another document's. Raises RowRejected."""
    text = identifier(text)
    if is_rounded(text):
        raise RowRejected(make_reason("rounded"))
    number = _LOOKS_LIKE_X.sub("X", _ID_NOISE.sub("", text).upper())
    if _ID_CARD.fullmatch(number):
        total = sum(map(mul, _WEIGHTS, number[:17].encode())) - _ZEROS
        if _CHECK_DIGITS[total % 11] != number[17]:
            # A spreadsheet keeps 15 digits and makes the others zeros.
            raise RowRejected(make_reason("rounded" if number.endswith("000") else "id_check_digit"))
        if not _is_day(number[6:14]):
            raise RowRejected(make_reason("id_birth_date"))
        return number
    if re.fullmatch(r"\d{15}", number, re.ASCII):
        if not _is_day("19" + number[6:12]):
            raise RowRejected(make_reason("id_birth_date"))
        return number
    if not re.fullmatch(r"[A-Z0-9()]{4,30}", number) or _LONG_NUMBER.search(number):
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
    text = line(text)
    if len(text) > MAX_ADDRESS:
        raise RowRejected(make_reason("too_long", size=MAX_ADDRESS))
    return text
