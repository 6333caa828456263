"""The rows of the list as HTML.

They are rendered here and not in the template, which took most of the page's time for hundreds of cells. What
many rows share (a stage, a day) is rendered once a page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cache
from html import escape
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from crm.directory.list.rows import Row
from crm.directory.list.values import words_of
from crm.runtime.clock import day_of
from crm.web import formats
from crm.web.ids import BIGGEST
from crm.web.templatetags.perennial import day
from members.rules.catalogue.fields import Field
from members.rules.catalogue.types import Type

ON_PHONES = 2  # columns that are shown on a narrow screen: the first ones
SHOWN_OF_A_SET = 2
Render = Callable[[Any], str]


def classes_of(place: int, column: Field, *, heading: bool = False) -> str:
    """The classes of the cells of a column that is the `place`-th, from 0."""
    is_number = column.type in (Type.MONEY, Type.NUMBER)
    classes = ["end"] if is_number else []
    if not heading and column.type in (Type.DAY, Type.INSTANT):
        classes.append("nowrap")
    if place >= ON_PHONES:
        classes.append("wide-only")
    elif is_number and not heading:
        classes.append("strong")
    return " ".join(classes)


def table_rows(
    rows: Iterable[tuple[Row, str]], columns: Sequence[Field], *, chosen: bool = False
) -> list[SafeString]:
    """The cells of a table row for each (row, address of its panel); `chosen`: with a checkbox."""
    cells = [
        (column.name, f'<td class="{classes_of(place, column)}">', _renderer(column))
        for place, column in enumerate(columns)
    ]
    address = reverse("member", args=[BIGGEST]).removesuffix(f"{BIGGEST}/")
    peek_label, choice_label = escape(_("Preview %(name)s")), escape(_("Select %(name)s"))
    rendered = []
    for row, peek in rows:
        values = [f"{opened}{render(row.values[name])}</td>" for name, opened, render in cells]
        name = _name_cell(row, address, _choice(row, choice_label) if chosen else "")
        cells_of_row = name + "".join(values) + _peek_cell(row, peek, peek_label)
        rendered.append(mark_safe(cells_of_row))  # noqa: S308 - names, texts and addresses are escaped where each is put in
    return rendered


def _renderer(column: Field) -> Render:
    """The values of a column as HTML, for one page in its reader's language; equal ones are rendered once."""
    if shown := column.display.html:
        once = cache(lambda key: str(shown(key)))
        return lambda value: once(tuple(value) if isinstance(value, list) else value)
    words = words_of(column)
    renderers: dict[Type, Render] = {
        Type.MONEY: formats.exact_money,
        Type.NUMBER: formats.number,
        Type.DAY: _days(),
        Type.INSTANT: _days(),
        Type.FLAG: lambda value: escape(_("Yes") if value else formats.NOTHING),
        Type.SET: lambda value: _set([words(one) for one in value or ()]),
        Type.CHOICE: lambda value: escape(words(value) if value else formats.NOTHING),
    }
    return renderers.get(column.type, lambda value: escape(value or formats.NOTHING))


def _set(values: Sequence[str]) -> str:
    """The first of some values; the others are counted, and told where one points."""
    if len(values) <= SHOWN_OF_A_SET:
        return escape(", ".join(values) or formats.NOTHING)
    first, others = values[:SHOWN_OF_A_SET], len(values) - SHOWN_OF_A_SET
    whole, shown = escape(", ".join(values)), escape(", ".join(first))
    return f'<span title="{whole}">{shown} <small>+{others}</small></span>'


def _days() -> Render:
    """Days and instants by their day; what a mask left of one is a text."""
    render_date = cache(day)

    def render(value: Any) -> str:
        if isinstance(value, str):
            return escape(value)
        return render_date(day_of(value) if isinstance(value, datetime) else value)

    return render


def _choice(row: Row, label: str) -> str:
    return (
        f'<input class="choice" type="checkbox" name="member" value="{row.view.id}" form="assign"'
        f' aria-label="{label % {"name": escape(row.view.name)}}"> '
    )


def _name_cell(row: Row, address: str, choice: str) -> str:
    view = row.view
    # Namesakes are told apart by the number and the end of the mobile.
    apart = [row.number if view.name != view.number else "", view.mobile]
    number = " · ".join(escape(one) for one in apart if one)
    return (
        f'<td>{choice}<a class="name" id="member-{view.id}" href="{address}{view.id}/" data-open>'
        f"{escape(view.name)}</a>{number and f'<small>{number}</small>'}</td>"
    )


def _peek_cell(row: Row, peek: str, label: str) -> str:
    peek = escape(peek)
    return (
        '<td class="end wide-only"><a class="button quiet small peek-link"'
        f' href="{peek}" data-peek="{peek}" aria-label="{label % {"name": escape(row.view.name)}}">›</a></td>'
    )
