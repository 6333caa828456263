"""Whether a text fits the type of its column, and so may be shown as it is.

What does not fit is suspect: a field missing before it shifts somebody's name or number into any column.
So is a number that fits but is built like a mobile, an ID number or a bank card.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from crm.staff.privacy.personal import holds_personal_number, is_personal_number, plain_form

Fits = Callable[[str], bool]

_SIGN = r"[+\-−(]?"
_CURRENCY = r"(?:[¥$€£]|[A-Z]{3}|HK\$|US\$|元|人民币)?"
_DIGITS = r"(?:0|[1-9]\d{0,14}|[1-9]\d{0,2}(?:[,.' ]\d{3})+|[1-9]\d{0,3}(?:,\d{4})+)"
_AMOUNT = re.compile(
    rf"{_SIGN} ?{_CURRENCY} ?{_SIGN}{_DIGITS}(?:[.,]\d{{1,8}})? ?[万亿]?{_CURRENCY}\)?[\-%]?"
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]{0,6}\.?"
_DAY = (
    rf"\d{{1,4}}[-/.年]\d{{1,2}}(?:[-/.月]\d{{1,4}}日?|月)?|\d{{4,6}}|(?:19|20)\d{{6}}"
    rf"|\d{{1,2}}[ -]{_MONTH}[ -]\d{{2,4}}|{_MONTH} \d{{1,2}},? \d{{4}}"
)
_TIME = r"\d{1,2}[:时]\d{1,2}(?:[:分]\d{1,2}秒?)?(?:[.,]\d{1,9})?分?"
_ZONE = r"(?:Z|[+\-]\d{2}(?::?\d{2})?)?"
_INSTANT = re.compile(
    rf"(?:(?:{_DAY})(?:[T ]*(?:上午|下午|AM|PM)? ?{_TIME} ?(?:AM|PM)? ?{_ZONE})?"
    rf"|(?:19|20)\d{{12}}|\d{{5}}\.\d{{1,10}}|{_TIME})",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"[+\-]?\d{1,6}(?:\.\d{1,4})?")
_IDENTIFIER = re.compile(r"(?=[^0-9]{0,119}[0-9])[A-Za-z0-9_.:/#|\-]{1,120}")
_CURRENCIES = """
CNY RMB CNH HKD MOP TWD USD EUR GBP JPY KRW SGD AUD NZD CAD CHF SEK NOK DKK THB MYR IDR PHP VND INR
RUB BRL ZAR AED SAR TRY MXN PLN CZK HUF ILS BTC ETH USDT USDC
人民币 元 美元 港元 港币 欧元 英镑 日元 ¥ $ € £ 156
"""


def nothing(text: str) -> bool:
    """For a column that says nothing of what it holds."""
    return False


def free_text(text: str) -> bool:
    """For a column that may hold any words: the kind of file judges what is in them."""
    return True


def amount(text: str) -> bool:
    """A number as people write amounts, with separators, a currency, a unit; no person's number."""
    text = plain_form(text)
    whole, _, decimals = text.lstrip("+-").partition(".")
    if is_personal_number(whole.replace(" ", "")) and not decimals.strip("0"):
        return False
    return bool(_AMOUNT.fullmatch(text))


def instant(text: str) -> bool:
    """A day or an instant as people and programs write them, whether or not there is such a day."""
    text = plain_form(text)
    return bool(_INSTANT.fullmatch(text)) and not is_personal_number(text)


def whole(text: str) -> bool:
    """A small number."""
    return bool(_WHOLE.fullmatch(plain_form(text)))


def identifier(text: str) -> bool:
    """An id of another system: one word with at least one digit, in which no person's number stands."""
    return bool(_IDENTIFIER.fullmatch(text)) and not holds_personal_number(text)


def currency(text: str) -> bool:
    """A currency's code or sign."""
    return plain_form(text).upper() in _CURRENCIES.split()


def one_of(words: Iterable[str]) -> Fits:
    """One of some words, whatever their case."""
    known = frozenset(word.lower() for word in words)
    return lambda text: text.lower() in known
