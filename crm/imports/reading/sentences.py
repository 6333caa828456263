"""How a file is read, in sentences of the reader's language: the same on page and command line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.imports.tables.layout import Layout
from crm.imports.tables.record import UNIT
from crm.imports.tables.skipped import EMPTY, HEADINGS, SUMMARY
from crm.imports.vocabulary import headings
from crm.imports.vocabulary.words import word_label
from crm.web.formats import number

MOST_NAMED = 12  # headings in one sentence


def describe_columns(layout: Layout) -> list[str]:
    """ "手机号 → mobile" for each heading that is another than the name of its column."""
    pairs = zip(layout.headings, layout.columns, strict=True)
    return [f"{heading} → {name}" for heading, name in pairs if name and heading != name]


def unused(layout: Layout) -> list[str]:
    """The headings that are not imported."""
    pairs = zip(layout.headings, layout.columns, strict=True)
    return [heading for heading, name in pairs if heading and not name]


def describe(layout: Layout, table_line: int) -> list[str]:
    """One sentence for each thing that is not as in a plain file: said before anything is stored."""
    return [*_place(layout, table_line), *_together(layout), *_fixed(layout), *_unused(layout)]


def _place(layout: Layout, table_line: int) -> Iterator[str]:
    if layout.options.sheet:
        yield _("Sheet: %(sheet)s.") % {"sheet": layout.options.sheet}
    if table_line > 1 and layout.delimiter == UNIT:
        yield _("The table begins in row %(line)s.") % {"line": number(table_line)}
    elif table_line > 1:
        yield _("The table begins in line %(line)s.") % {"line": number(table_line)}


def _together(layout: Layout) -> Iterator[str]:
    kind, heading = layout.kind, dict(zip(layout.columns, layout.headings, strict=True))
    for column in kind.columns:
        if f"{column.name}:date" in heading:
            found = [heading[name] for part in column.parts if (name := f"{column.name}:{part}") in heading]
            yield _("%(column)s is combined from: %(headings)s.") % {
                "column": headings.label(kind, column.name),
                "headings": ", ".join(found),
            }
    if kind.flow and kind.flow.direction in layout.header and kind.flow.direction not in layout.own:
        money_in = layout.options.money_in or kind.flow.money_in
        money_out = layout.options.money_out or kind.flow.money_out
        yield _("Money in is recorded as %(money_in)s, money out as %(money_out)s.") % {
            "money_in": word_label(kind, kind.flow.direction, money_in),
            "money_out": word_label(kind, kind.flow.direction, money_out),
        }


def _fixed(layout: Layout) -> Iterator[str]:
    kind = layout.kind
    for name, text in layout.options.constants.items():
        if name in layout.header and name not in layout.own:
            yield _("%(column)s is %(text)s in all rows.") % {
                "column": headings.label(kind, name),
                "text": text,
            }
    if layout.options.row_ids and kind.row_id in layout.header and kind.row_id not in layout.own:
        yield _("%(column)s is generated from each row.") % {"column": headings.label(kind, kind.row_id)}


def _unused(layout: Layout) -> Iterator[str]:
    left_out = unused(layout)
    if left_out:
        yield _("Not imported: %(headings)s.") % {"headings": some(left_out)}
    nameless = len([name for name in layout.columns if not name]) - len(left_out)
    if nameless:
        yield ngettext(
            "%(count)s column without a heading is not imported.",
            "%(count)s columns without a heading are not imported.",
            nameless,
        ) % {"count": number(nameless)}


def some(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    shown = ", ".join(names[:MOST_NAMED])
    more = len(names) - MOST_NAMED
    return shown if more <= 0 else _("%(names)s and %(count)s more") % {"names": shown, "count": number(more)}


def describe_skipped(found: Mapping[str, Sequence[Any]]) -> list[str]:
    """What was passed over, by what it was: {what: [lines, the first of them]}."""
    words = {
        EMPTY: lambda lines: ngettext("%(count)s empty row skipped.", "%(count)s empty rows skipped.", lines),
        HEADINGS: lambda lines: ngettext(
            "Headings repeated in line %(first)s, skipped.",
            "Headings repeated %(count)s times from line %(first)s on, skipped.",
            lines,
        ),
        SUMMARY: lambda lines: ngettext(
            "Summary row in line %(first)s skipped.",
            "%(count)s summary rows skipped, the first in line %(first)s.",
            lines,
        ),
    }
    return [
        words[what](found[what][0]) % {"count": number(found[what][0]), "first": number(found[what][1])}
        for what in words
        if what in found
    ]
