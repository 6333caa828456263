"""The builder's form as a browser reads it: which names and values it would send."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.http import QueryDict
from django.template.loader import render_to_string

from crm.staff.models import Role, Staff
from members.segments.builder.builder import Builder, from_form

READER = Staff(username="reader", role=Role.OPERATIONS, is_active=True)


class Form(HTMLParser):
    """Collects (name, value) of all inputs, and what the buttons named "do" would add."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self.buttons: list[str] = []
        self._select, self._options, self._textarea = "", [], None
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "input" and "name" in given:
            if given.get("type") != "checkbox" or "checked" in given:
                self.fields.append((given["name"], given.get("value", "")))
        elif tag == "select":
            self._select, self._options = given.get("name", ""), []
        elif tag == "option":
            self._options.append((given.get("value", ""), "selected" in given))
        elif tag == "textarea":
            self._textarea = (given["name"], "")
        elif tag == "button" and given.get("name") == "do":
            self.buttons.append(given["value"])

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self._textarea = (self._textarea[0], self._textarea[1] + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self._options:
            chosen = [value for value, is_chosen in self._options if is_chosen] or [self._options[0][0]]
            self.fields.append((self._select, chosen[-1]))
        elif tag == "textarea" and self._textarea:
            self.fields.append(self._textarea)
            self._textarea = None


def sent(fields: list[tuple[str, str]], **more: str) -> QueryDict:
    """What a browser posts."""
    query = QueryDict(mutable=True)
    for name, value in [*fields, *more.items()]:
        query.appendlist(name, value)
    return query


def form_of(builder: Builder) -> Form:
    """The form that a builder shows."""
    return Form(render_to_string("segments/builder/rules.html", {"builder": builder}))


def pressed(builder: Builder, button: str) -> Builder:
    """The builder after a button of its form."""
    form = form_of(builder)
    assert button in form.buttons, f"no button {button!r} among {form.buttons}"
    return from_form(sent(form.fields, do=button), builder.staff)


def typed(builder: Builder, values: dict[str, Any]) -> Builder:
    """The builder after these values were typed into its form and Enter was pressed."""
    form = form_of(builder)
    fields = [(name, value) for name, value in form.fields if name not in values]
    for name, value in values.items():
        fields += [(name, one) for one in (value if isinstance(value, list) else [value])]
    return from_form(sent(fields, do="update"), builder.staff)
