"""Filters and tags that every page may load."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from html import escape
from typing import Any

from django import template
from django.conf import settings
from django.contrib.messages.storage.base import Message
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import QueryDict
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from crm.web import amounts, formats
from crm.web.assets import htmx, styles
from crm.web.assets.storage import JOINED, MODULES, JoinedStorage
from crm.web.notices import Undo, take_undo

register = template.Library()

register.filter("amount", amounts.amount)
register.filter("amount_change", amounts.change)
register.filter("money", formats.money)
register.filter("exact_money", formats.exact_money)
register.filter("short_money", formats.short_money)
register.filter("number", formats.number)
register.filter("share", formats.share)
register.filter("days", formats.days)
register.filter("day_text", formats.day)
register.filter("short_number", formats.short_number)
register.filter("month_short", formats.month_short)
register.filter("month_long", formats.month_long)
register.filter("in_unit", formats.in_unit)
register.filter("in_column", formats.in_column)
register.filter("on_axis", formats.on_axis)


@register.simple_tag
def sheets() -> list[str]:
    """URLs of the style sheets: one where they are joined, else each, in order."""
    joined = isinstance(staticfiles_storage, JoinedStorage) and not settings.DEBUG
    names = [JOINED] if joined else [f"css/{name}.css" for name in styles.sheets()]
    return [static(name) for name in names]


@register.simple_tag
def modules() -> list[str]:
    """URLs of the modules that js/app.js imports, to be preloaded in parallel."""
    return [static(f"js/{name}.js") for name in MODULES]


@register.simple_tag
def htmx_config() -> SafeString:
    """The content of the htmx-config meta tag, for an attribute in single quotes."""
    return mark_safe(htmx.JSON)  # noqa: S308 - a constant without single quotes


@register.simple_tag
def options(choices: Iterable[tuple[str, Any]], chosen: str | None = "") -> SafeString:
    """The choices of a select, from (value, label) pairs; `chosen` is the value that is selected."""
    rendered = []
    for value, label in choices:
        selected = " selected" if value == chosen else ""
        rendered.append(f'<option value="{escape(str(value))}"{selected}>{escape(str(label))}</option>')
    return mark_safe("".join(rendered))  # noqa: S308 - values and labels are escaped one by one


@register.filter
def coordinate(value: float) -> str:
    """A coordinate with a decimal point in every language."""
    return str(value)


@register.filter
def lookup(values: Mapping[str, Any], name: str) -> Any:
    """The value of a key that is itself a variable; empty where there is none."""
    return values.get(name, "")


@register.filter
def label_of(choices: Iterable[tuple[str, Any]], key: str) -> Any:
    """The label of a key among (key, label) pairs; empty where there is none."""
    return dict(choices).get(key, "")


@register.filter
def join_parts(parts: Iterable[str]) -> str:
    """Parts of a sentence, joined as the language does."""
    return _("; ").join(parts)


@register.filter
def day(value: date | datetime | None) -> SafeString | str:
    """A day as a <time> element in the reader's format."""
    return formats.NOTHING if value is None else _time(value, formats.day(value))


@register.filter
def days_until(value: date | None, now: datetime) -> str:
    """How far off a day is: today, in 5 days, 3 days ago."""
    return formats.days_until(value, now)


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """An instant as a <time> element in the reader's format."""
    return formats.NOTHING if value is None else _time(value, formats.moment(value))


@register.filter
def clock(value: datetime | None) -> SafeString | str:
    """The time of day as a <time> element."""
    return formats.NOTHING if value is None else _time(value, formats.time_of_day(value))


def _time(value: date | datetime, words: str) -> SafeString:
    # Not format_html, which takes four times as long: pages show a hundred of them.
    made = f'<time datetime="{value.isoformat()}">{escape(words)}</time>'
    return mark_safe(made)  # noqa: S308 - escaped just above


@register.simple_tag
def query(parameters: QueryDict, **changes: Any) -> str:
    """The query string of this page with some parameters changed, without empty ones and the page token."""
    changed = parameters.copy()
    changed.pop("after", None)
    for name, value in changes.items():
        changed.pop(name, None)
        if value not in (None, ""):
            changed[name] = str(value)
    for name in [name for name, value in changed.items() if not value]:
        changed.pop(name)
    return f"?{changed.urlencode()}" if changed else "?"


@register.simple_tag(takes_context=True)
def undo_of(context: template.Context, message: Message) -> Undo | None:
    """How to undo what a message tells, where it can be (see crm.web.responses.done)."""
    return take_undo(context["request"], message)
