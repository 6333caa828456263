"""Render single-line inputs without a template.

Django renders each input by three templates, which is half of what a page with a long form costs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_INPUTS = {f"django/forms/widgets/{name}.html" for name in ("text", "number", "date", "email", "hidden")}


class Renderer(DjangoTemplates):
    """Django's own renderer, but for single-line inputs, of which it writes the same HTML."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if template_name in _INPUTS:
            return _input(context["widget"])
        return str(super().render(template_name, context, request))


def _input(widget: Mapping[str, Any]) -> SafeString:
    value = widget["value"]
    shown = format_html(' value="{}"', value) if value is not None else ""
    attrs = format_html_join("", "{}", ((_attribute(*pair),) for pair in widget["attrs"].items()))
    return format_html('<input type="{}" name="{}"{}{}>', widget["type"], widget["name"], shown, attrs)


def _attribute(name: str, value: Any) -> SafeString | str:
    if value is False:
        return ""
    return format_html(" {}", name) if value is True else format_html(' {}="{}"', name, value)
