"""Filters that format KPI values."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crm.insights.kpis.definition import Kpi, Unit
from crm.staff.models import Staff
from crm.staff.permissions import may
from crm.web import amounts, formats

register = template.Library()


@register.filter
def kpi_value(value: Decimal | None, unit: str) -> str:
    """A value in its unit: 23.5%, ¥86.40, ¥5.83万, 12.6 days, 1.5 times, 12; – for nothing."""
    if value is None:
        return formats.NOTHING
    value = Decimal(value)
    if unit == Unit.SHARE:
        return formats.share(_rounded(value, "0.001"))
    if unit == Unit.MONEY:
        money = _rounded(value, "0.01")
        return formats.money(money) if abs(money) < 1000 else amounts.amount(money)
    if unit == Unit.NUMBER:
        return plain(value)
    words = (
        pgettext("a span of time", "%(number)s days")
        if unit == Unit.DAYS
        else pgettext("how often", "%(number)s per 30 days")
    )
    return words % {"number": formats.number(_rounded(value, "0.1")).removesuffix(".0")}


@register.simple_tag
def opened_list(kpi: Kpi, part: str, month: date, reader: Staff) -> str:
    """The address of the list behind a part of a KPI in a month; empty where this reader has none."""
    opened = kpi.opened.get(part)
    if opened is None or not may(reader, opened.action):
        return ""
    return f"{reverse(opened.url)}?month={month:%Y-%m}{opened.query}"


@register.filter
def kpi_part(value: Decimal | None, unit: str) -> str:
    """A numerator or denominator: short money where the unit is money, else a plain number."""
    if value is None:
        return formats.NOTHING
    return amounts.amount(_rounded(value, "0.01")) if unit == Unit.MONEY else plain(value)


@register.filter
def kpi_change(value: Decimal | None, unit: str) -> str:
    """A difference with its sign: +1.2 pp, −¥3万, +0.4, or <0.1; empty for nothing."""
    if value is None:
        return ""
    if unit == Unit.MONEY:
        return amounts.change(_rounded(value, "0.01"))
    number = _rounded(value * 100 if unit == Unit.SHARE else value, "0.1")
    text = f"{'+' if number > 0 else ''}{formats.number(number).removesuffix('.0')}" if number else "<0.1"
    return _("%(number)s pp") % {"number": text} if unit == Unit.SHARE else text


@register.filter
def plain(value: Decimal | float | None) -> str:
    """A plain number: whole, or with two decimals."""
    if value is None:
        return formats.NOTHING
    value = Decimal(str(value))
    return formats.number(_rounded(value, "1" if value == value.to_integral_value() else "0.01"))


@register.filter
def signed_share(value: float | None) -> str:
    """A change as a signed percentage; in words where there is none."""
    if value is None:
        return ""
    return _("unchanged") if round(value, 3) == 0 else f"{'+' if value > 0 else ''}{formats.share(value)}"


def _rounded(value: Decimal, step: str) -> Decimal:
    return value.quantize(Decimal(step), rounding=ROUND_HALF_UP)
