"""How a stage is shown, the same wherever it appears."""

from __future__ import annotations

from functools import cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from members.lifecycle.evaluation.bits import WARNINGS, bit_names
from members.lifecycle.models import Stage, SubState, WarningKind
from members.lifecycle.sentences.stages import NOT_STAGED

register = template.Library()


@register.simple_tag
def stage(name: str | None, sub_state: str | None = None) -> SafeString:
    """The stage in its colour, with its sub-state; for a member not staged yet a quiet word."""
    return _stage(name, sub_state, get_language())


@cache  # a list shows a few of them on each of its rows
def _stage(name: str | None, sub_state: str | None, _language: str | None) -> SafeString:
    if not name:
        return format_html('<span class="muted">{}</span>', NOT_STAGED)
    more = format_html("<small> · {}</small>", SubState(sub_state).label) if sub_state else ""
    return format_html('<span class="stage" data-stage="{}">{}{}</span>', name, Stage(name).label, more)


@register.simple_tag
def place(name: str, sub_state: str | None = None) -> SafeString:
    """A stage, or the sub-state below it, as the heading of a table."""
    if not sub_state:
        return format_html("{}", Stage(name).label)
    return format_html("<small>{}</small><br>{}", Stage(name).label, SubState(sub_state).label)


@register.simple_tag
def warning_tags(bits: int) -> SafeString | str:
    """A tag for each churn warning among the bits of Standing.warnings."""
    labels = [(WarningKind(name).label,) for name in bit_names(bits, WARNINGS)]
    tags = format_html_join("", '<span class="tag warn">{}</span>', labels)
    return format_html('<span class="tags">{}</span>', tags) if labels else ""


@register.filter
def in_set(value: str, values: set[str]) -> bool:
    """Whether a value is among some."""
    return value in values


@register.filter
def stage_label(name: str | None) -> str:
    """The stage's name in the reader's language."""
    return str(Stage(name).label) if name else ""


@register.filter
def sub_state_label(name: str | None) -> str:
    """The sub-state's name in the reader's language."""
    return str(SubState(name).label) if name else ""
