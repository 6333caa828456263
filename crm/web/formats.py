"""Format money, numbers, shares, days and instants for the reader. Instants are in platform time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.conf import settings
from django.utils.dates import MONTHS_3
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from crm.runtime import clock

SIGNS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$", "CZK": "Kč "}
NOTHING = "–"


def _is_chinese() -> bool:
    return (get_language() or "").startswith("zh")


def number(value: float | Decimal | None) -> str:
    """1,234 or 1,234.5; – for nothing."""
    return NOTHING if value is None else f"{value:,}".replace("-", "−")


def money(value: Decimal | None, currency: str = "") -> str:
    """¥2,674,300, with cents only where there are some; – for nothing."""
    if value is None:
        return NOTHING
    value = Decimal(value)
    return _priced(value, 0 if value == value.to_integral_value() else 2, currency)


def full_number(value: Decimal) -> str:
    """1,234.5678, never rounded, without zeros at its end: for what somebody entered."""
    text = f"{value:,f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")


def full_money(value: Decimal) -> str:
    """¥2,674,300, ¥0.50 or ¥0.005: never rounded, with at least both cents where there are any."""
    digits = full_number(value.copy_abs())  # abs() would round at 28 digits
    whole, _point, cents = digits.partition(".")
    return f"{'−' if value < 0 else ''}{_sign()}{f'{whole}.{cents:0<2}' if cents else whole}"


def full_share(value: Decimal) -> str:
    """A fraction as a percentage, never rounded: 0.3055 is 30.55%."""
    sign, digits, exponent = value.as_tuple()
    return full_number(Decimal((sign, digits, int(exponent) + 2))) + "%"


def exact_money(value: Decimal | None) -> str:
    """¥2,674,300.00, always with cents: for columns, so that the decimal points align."""
    return NOTHING if value is None else _priced(Decimal(value), 2)


def _priced(value: Decimal, places: int, currency: str = "") -> str:
    return f"{'−' if value < 0 else ''}{_sign(currency)}{abs(value):,.{places}f}"


def _sign(currency: str = "") -> str:
    currency = currency or settings.BUSINESS_CURRENCY
    return SIGNS.get(currency, currency + " ")


_STEPS = {
    "zh": ((Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万")),
    "en": ((Decimal(10) ** 9, "bn"), (Decimal(10) ** 6, "m"), (Decimal(10) ** 3, "k")),
}


def short_money(value: Decimal | None) -> str:
    """Money to read at a glance: ¥267.4万, ¥1.35亿, ¥2.67m; whole below 万 or k. In HTML: crm.web.amounts."""
    if value is None:
        return NOTHING
    size, word = _scaled(abs(Decimal(value)))
    return f"{'−' if value < 0 and size != '0' else ''}{_sign()}{size}{word}"


def _scaled(value: Decimal) -> tuple[str, str]:
    """A positive number in the reader's steps, with two decimals below 10 of them, else one."""
    steps = (*_STEPS["zh" if _is_chinese() else "en"], (Decimal(1), ""))
    at = next((at for at, (step, _word) in enumerate(steps) if value >= step), len(steps) - 1)
    # What rounds up to the step above is told in that one: 1m rather than 1,000k.
    if at and _places(value / steps[at][0], at == len(steps) - 1) * steps[at][0] >= steps[at - 1][0]:
        at -= 1
    step, word = steps[at]
    return _trimmed(_places(value / step, step == 1)), word


def _places(value: Decimal, whole: bool) -> Decimal:
    return value.quantize(Decimal("1" if whole else "0.01" if value < 10 else "0.1"), rounding=ROUND_HALF_UP)


def _trimmed(value: Decimal) -> str:
    text = f"{value:,}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def short_number(value: Decimal | int | None) -> str:
    """A number for axes: 2.5万, 25k."""
    if value is None:
        return NOTHING
    value = Decimal(value)
    for step, word in _STEPS["zh" if _is_chinese() else "en"]:
        if abs(value) >= step:
            return f"{value / step:,.2f}".rstrip("0").rstrip(".") + word
    return f"{value:,.2f}".removesuffix(".00")


def share(value: Decimal | float | None) -> str:
    """A fraction as a percentage: 0.415 is 41.5%."""
    return NOTHING if value is None else f"{value * 100:,.1f}".removesuffix(".0").replace("-", "−") + "%"


def day(value: date | datetime | None) -> str:
    """2026-11-22 for a Chinese reader, 22 Nov 2026 for an English one."""
    if value is None:
        return NOTHING
    on = clock.day_of(value) if isinstance(value, datetime) else value
    # Put together here: pages show a hundred days, and date_format takes ten times as long.
    return on.isoformat() if _is_chinese() else f"{on.day} {MONTHS_3[on.month].title()} {on.year}"


def moment(value: datetime | None) -> str:
    """The day and the time of day, in platform time."""
    return NOTHING if value is None else f"{day(value)} {value.astimezone(clock.zone()):%H:%M}"


def time_of_day(value: datetime | None) -> str:
    """The time of day, in platform time."""
    return NOTHING if value is None else f"{value.astimezone(clock.zone()):%H:%M}"


def days(value: int | timedelta | None) -> str:
    """A number of days with its unit."""
    if value is None:
        return NOTHING
    count = value.days if isinstance(value, timedelta) else value
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": number(count)}


def days_until(value: date | None, now: datetime) -> str:
    """How far off a day is, seen from today: today, in 5 days, 3 days ago."""
    if value is None:
        return NOTHING
    count = (value - clock.day_of(now)).days
    if count == 0:
        return _("today")
    if count < 0:
        return ngettext("%(count)s day ago", "%(count)s days ago", -count) % {"count": number(-count)}
    return ngettext("in %(count)s day", "in %(count)s days", count) % {"count": number(count)}


def month_short(value: date) -> str:
    """A month on an axis: 11月, Nov; with the year in January."""
    if _is_chinese():
        return f"{value.year}年" if value.month == 1 else f"{value.month}月"
    return str(value.year) if value.month == 1 else date_format(value, "M")


def month_long(value: date) -> str:
    """2026年11月, November 2026."""
    return f"{value.year}年{value.month}月" if _is_chinese() else date_format(value, "F Y")


_FULL: dict[str, Callable[[Any], str]] = {"money": money, "share": share, "number": number, "days": days}
_SHORT: dict[str, Callable[[Any], str]] = {
    "money": short_money,
    "share": share,
    "number": short_number,
    "days": short_number,
}


def in_unit(value: Any, unit: str = "") -> str:
    """A value in its unit (money, share, number, days; empty is number), as in tables."""
    return _FULL[unit or "number"](value)


def in_column(value: Any, unit: str = "") -> str:
    """The same for a column: money always with cents."""
    return exact_money(value) if unit == "money" else in_unit(value, unit)


def on_axis(value: Any, unit: str = "") -> str:
    """A short value for an axis."""
    return _SHORT[unit or "number"](value)
