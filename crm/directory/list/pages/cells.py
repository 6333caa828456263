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

from crm.directory.list.fields.columns import Column
from crm.directory.list.rows import Row
from crm.runtime.clock import day_of
from crm.web import formats
from crm.web.ids import BIGGEST
from crm.web.templatetags.perennial import day
from members.lifecycle.templatetags.lifecycle import stage, warning_tags

# Column → class of the cell, its value from a row, and the kind of the value.
_Cell = tuple[str, Callable[[Row], Any], str]
_CELLS: dict[str, _Cell] = {
    "stage": ("", lambda row: (row.stage, row.sub_state, row.warnings), "stage"),
    "aum": ("end strong", lambda row: row.aum, "money"),
    "since": ("nowrap wide-only", lambda row: row.since, "day"),
    "activity": ("nowrap wide-only", lambda row: row.last_activity, "day"),
    "due": ("nowrap wide-only", lambda row: row.due_at, "day"),
    "manager": ("wide-only", lambda row: row.manager, "text"),
    "registered": ("nowrap wide-only", lambda row: row.registered_at, "day"),
    "risk": ("wide-only", lambda row: row.risk_class, "text"),
    "region": ("wide-only", lambda row: row.region, "text"),
    "channel": ("wide-only", lambda row: row.channel, "text"),
    "login": ("nowrap wide-only", lambda row: row.last_login_at, "day"),
    "trade": ("nowrap wide-only", lambda row: row.last_trade_at, "day"),
    "peak": ("end wide-only", lambda row: row.peak_aum, "money"),
}


def _cell(column: Column) -> _Cell:
    """How a column is rendered; a day of its own where the rows do not have it."""
    return (
        ("nowrap wide-only", lambda row: row.days.get(column.name), "date")
        if column.days
        else _CELLS[column.name]
    )


def table_rows(
    rows: Iterable[tuple[Row, str]], columns: Sequence[Column], *, chosen: bool = False
) -> list[SafeString]:
    """The cells of a table row for each (row, address of its panel); `chosen`: with a checkbox."""
    renderers = _renderers()
    cells = [(classes, value, renderers[kind]) for classes, value, kind in map(_cell, columns)]
    address = reverse("member", args=[BIGGEST]).removesuffix(f"{BIGGEST}/")
    peek_label, choice_label = escape(_("Preview %(name)s")), escape(_("Select %(name)s"))
    rendered = []
    for row, peek in rows:
        values = [f'<td class="{classes}">{render(value(row))}</td>' for classes, value, render in cells]
        name = _name_cell(row, address, _choice(row, choice_label) if chosen else "")
        cells_of_row = name + "".join(values) + _peek_cell(row, peek, peek_label)
        rendered.append(mark_safe(cells_of_row))  # noqa: S308 - names, texts and addresses are escaped where each is put in
    return rendered


def _renderers() -> dict[str, Callable[[Any], str]]:
    """Renderers by kind of value, for one page in its reader's language."""

    @cache
    def render_stage(value: tuple[str | None, str | None, int]) -> str:
        name, sub_state, warnings = value
        return f"{stage(name, sub_state)} {warning_tags(warnings)}"

    render_date = cache(day)

    def render_day(at: datetime | None) -> str:
        return render_date(None if at is None else day_of(at))

    return {
        "stage": render_stage,
        "money": formats.exact_money,
        "day": render_day,
        "date": render_date,
        "text": lambda text: escape(text or formats.NOTHING),
    }


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
