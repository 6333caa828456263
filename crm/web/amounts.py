"""Money at a glance as HTML: short, with the exact figure on hover and for screen readers."""

from __future__ import annotations

from decimal import Decimal
from html import escape

from django.utils.safestring import SafeString, mark_safe

from crm.web import formats


def amount(value: Decimal | None) -> SafeString | str:
    """¥267.4万 (¥2.67m), ¥2,674,300.15 on hover and read aloud; – for nothing.

    For figures, cards and cells that are compared at a glance. Where cents matter (one trade, a statement),
    use the filters `money` and `exact_money`.
    """
    return formats.NOTHING if value is None else _data(Decimal(value), "")


def change(value: Decimal | None) -> SafeString | str:
    """The same for a difference, signed and in the reader's colour of what rises or falls: +¥12万, −¥3万."""
    if value is None:
        return formats.NOTHING
    return _data(Decimal(value), "rise" if value > 0 else "fall" if value < 0 else "level")


def _data(value: Decimal, direction: str) -> SafeString:
    plus = "+" if direction == "rise" else ""
    short, exact = plus + formats.short_money(value), plus + formats.money(value)
    name = f' class="{direction}"' if direction else ""
    if short == exact:
        made = f'<data value="{value:f}"{name}>{escape(short)}</data>'
    else:
        # The short form is for the eye; what is read aloud is the exact one.
        made = (
            f'<data value="{value:f}"{name} title="{escape(exact)}"><span aria-hidden="true">'
            f'{escape(short)}</span><span class="hidden">{escape(exact)}</span></data>'
        )
    return mark_safe(made)  # noqa: S308 - escaped just above
