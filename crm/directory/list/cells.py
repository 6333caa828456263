"""The rows of the list as the page shows them.

Made here and not in the template: choosing anew for each of hundreds of cells what to show took most of the
page's time. What many rows share (a stage, a day) is put into words once a page.
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

from crm.directory.list.columns import Column
from crm.directory.list.rows import Row
from crm.runtime.clock import day_of
from crm.web import formats
from crm.web.templatetags.perennial import day
from members.lifecycle.templatetags.lifecycle import stage, warning_tags

# Name → class of the cell, what it shows of a row, and how that is put; without a way it is text to escape.
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


def lines(rows: Iterable[tuple[Row, str]], columns: Sequence[Column]) -> list[SafeString]:
    """Each (row, address of its panel) as the cells of a table row, in HTML."""
    ways = _ways()
    shown = [(classes, read, ways[way]) for classes, read, way in (_CELLS[column.name] for column in columns)]
    member = reverse("member", args=[0]).removesuffix("0/")
    glance = escape(_("Preview %(name)s"))
    made = []
    for row, peek in rows:
        cells = [f'<td class="{classes}">{show(read(row))}</td>' for classes, read, show in shown]
        line = _who(row, member) + "".join(cells) + _glance(row, peek, glance)
        made.append(mark_safe(line))  # noqa: S308 - names, texts and addresses are escaped where each is put in
    return made


def _ways() -> dict[str, Callable[[Any], str]]:
    """How values are put, as HTML; for one page, in its reader's language."""

    @cache
    def staged(found: tuple[str | None, str | None, int]) -> str:
        return f"{stage(found[0], found[1])} {warning_tags(found[2])}"

    shown_day = cache(day)

    def of_day(at: datetime | None) -> str:
        return shown_day(None if at is None else day_of(at))

    return {
        "stage": staged,
        "money": formats.exact_money,
        "day": of_day,
        "text": lambda text: escape(text or formats.NOTHING),
    }


def _who(row: Row, address: str) -> str:
    view = row.view
    number = f"<small>{escape(row.outside_id or view.number)}</small>" if view.name != view.number else ""
    return (
        f'<td><a class="name" id="member-{view.id}" href="{address}{view.id}/" data-open>'
        f"{escape(view.name)}</a>{number}</td>"
    )


def _glance(row: Row, peek: str, words: str) -> str:
    peek = escape(peek)
    return (
        '<td class="end wide-only"><a class="button quiet small peek-link"'
        f' href="{peek}" data-peek="{peek}" aria-label="{words % {"name": escape(row.view.name)}}">›</a></td>'
    )
