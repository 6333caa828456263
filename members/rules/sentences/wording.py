"""Words that sentences are made of: lists, values, days and spans."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from crm.runtime.extension.labels import Label
from crm.web import formats
from members.rules.catalogue.choices import read_choices
from members.rules.catalogue.types import Choice, Type
from members.rules.language.tree import Span

Choices = Callable[[], Sequence[Choice]] | None
_STEPS = ((8, "亿"), (4, "万"))  # powers of ten


def in_sentence(label: Label | str) -> str:
    """A label as it stands within a sentence: "Risk class" as "risk class", "AUM" as it is."""
    text = str(label)
    first = text.split(" ", 1)[0]
    return text[0].lower() + text[1:] if text and first[1:] == first[1:].lower() and len(first) > 1 else text


def capitalized(text: str) -> str:
    """With a capital letter at its beginning."""
    return text[:1].upper() + text[1:]


def one_of(words: Sequence[str]) -> str:
    """A, B or C."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s or %(last)s") % {"first": pgettext("list", ", ").join(words[:-1]), "last": words[-1]}


def all_of(words: Sequence[str]) -> str:
    """A, B and C."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": pgettext("list", ", ").join(words[:-1]), "last": words[-1]}


def quoted(text: str) -> str:
    """A text that somebody entered."""
    return _("“%(text)s”") % {"text": text}


def choice(value: str, choices: Choices) -> str:
    """The words of a choice; a text without choices in quotation marks."""
    if choices is None:
        return quoted(value)
    return next((str(one.label) for one in read_choices(choices) if one.value == value), value)


def chosen(values: Sequence[str], choices: Choices) -> list[str]:
    """The words of several choices."""
    if choices is None:
        return [quoted(value) for value in values]
    words = {one.value: str(one.label) for one in read_choices(choices)}
    return [words.get(value, value) for value in values]


def amount(value: Decimal | int, type: Type, unit: Label | None = None) -> str:
    """¥200,000 or 20万 for money; a number with its unit."""
    if type is Type.MONEY:
        return money(Decimal(value))
    text = formats.full_number(Decimal(value))
    return _("%(number)s %(unit)s") % {"number": text, "unit": unit} if unit else text


def money(value: Decimal) -> str:
    """Never rounded: hundreds in 万 or 亿 for a Chinese reader, whichever is the larger."""
    if (get_language() or "").startswith("zh") and value == value.to_integral_value() and not value % 100:
        for exponent, word in _STEPS:
            if abs(value) >= 10**exponent:
                return f"{formats.full_money(value.scaleb(-exponent))}{word}"
    return formats.full_money(value)


def length(span: Span) -> str:
    """30 days, or 48 hours."""
    if span.hours:
        return ngettext("%(count)s hour", "%(count)s hours", span.hours) % {"count": span.hours}
    return ngettext("%(count)s day", "%(count)s days", span.days) % {"count": formats.number(span.days)}


def day(value: date) -> str:
    """A day as pages show it."""
    return formats.day(value)


def numbers(operator: str, value: Any, words: Callable[[Any], str]) -> str:
    """At least 3, between 3 and 5."""
    if operator == "between":
        return _("between %(low)s and %(high)s") % {"low": words(value[0]), "high": words(value[1])}
    return {
        "=": _("exactly %(value)s"),
        "!=": _("not %(value)s"),
        "<": _("less than %(value)s"),
        "<=": _("at most %(value)s"),
        ">": _("more than %(value)s"),
        ">=": _("at least %(value)s"),
    }[operator] % {"value": words(value)}


def times(operator: str, value: Any) -> str:
    """How often: at least 3."""
    if operator == "between":
        return _("%(low)s to %(high)s") % {"low": formats.number(value[0]), "high": formats.number(value[1])}
    return {
        "=": pgettext("times", "exactly %(value)s"),
        "!=": pgettext("times", "not %(value)s"),
        "<": pgettext("times", "fewer than %(value)s"),
        "<=": pgettext("times", "at most %(value)s"),
        ">": pgettext("times", "more than %(value)s"),
        ">=": pgettext("times", "at least %(value)s"),
    }[operator] % {"value": formats.number(value)}


def days(operator: str, value: Any) -> str:
    """On 28 Nov 2026, in the last 30 days."""
    if operator == "between":
        return _("from %(first)s to %(last)s") % {"first": day(value[0]), "last": day(value[1])}
    if isinstance(value, Span):
        if operator == "within_last" and not value.hours and not value.days:
            return pgettext("day", "today")
        return {
            "within_last": _("in the last %(span)s"),
            "more_than_ago": _("more than %(span)s ago"),
            "within_next": _("in the next %(span)s"),
        }[operator] % {"span": length(value)}
    return {
        "on": _("on %(day)s"),
        "before": _("before %(day)s"),
        "after": _("after %(day)s"),
        "on_or_before": _("on or before %(day)s"),
        "on_or_after": _("on or after %(day)s"),
    }[operator] % {"day": day(value)}


def happens(operator: str, value: Any) -> str:
    """What happens on which days, with %(label)s for what: a Chinese sentence says the days first."""
    if operator == "between":
        text = pgettext("event", "%%(label)s from %(first)s to %(last)s")
        return text % {"first": day(value[0]), "last": day(value[1])}
    if isinstance(value, Span):
        if operator == "within_last" and not value.hours and not value.days:
            return pgettext("event", "%(label)s today")
        return {
            "within_last": pgettext("event", "%%(label)s in the last %(span)s"),
            "more_than_ago": pgettext("event", "%%(label)s more than %(span)s ago"),
            "within_next": pgettext("event", "%%(label)s in the next %(span)s"),
        }[operator] % {"span": length(value)}
    return {
        "on": pgettext("event", "%%(label)s on %(day)s"),
        "before": pgettext("event", "%%(label)s before %(day)s"),
        "after": pgettext("event", "%%(label)s after %(day)s"),
        "on_or_before": pgettext("event", "%%(label)s on or before %(day)s"),
        "on_or_after": pgettext("event", "%%(label)s on or after %(day)s"),
    }[operator] % {"day": day(value)}
