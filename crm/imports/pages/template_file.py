"""Templates to download: the headings of a kind of file with one example row, made from its description."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import Http404, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from crm.imports import kinds
from crm.imports.column import Column
from crm.imports.kinds import Kind
from crm.imports.permissions import IMPORT
from crm.imports.vocabulary import headings
from crm.imports.vocabulary.examples import example_of
from crm.imports.vocabulary.words import word_choices
from crm.staff.permissions import allowed
from crm.web.downloads.table_files import table_file
from crm.web.responses import StaffRequest


@allowed(IMPORT)
@require_GET
def import_template(request: StaffRequest, kind_name: str) -> StreamingHttpResponse:
    """A template as CSV, or as a workbook (form=xlsx) with a sheet that explains the columns."""
    if kind_name not in kinds.names():
        raise Http404
    kind = kinds.get(kind_name)
    more = {_("Explanations"): explanations(kind)}
    return table_file(request, template_rows(kind), f"{kind.name}-template", more=more)


def template_rows(kind: Kind) -> Iterator[list[str]]:
    """The headings in the reader's language, then one example row that can be imported."""
    yield [headings.label(kind, column.name) for column in kind.columns]
    yield [example_of(kind, column) for column in kind.columns]


def explanations(kind: Kind) -> Iterator[list[str]]:
    """What each column is: (heading, required, what it holds, example), headings first."""
    yield [_("Column"), _("Required"), _("Value"), _("Example")]
    for column in kind.columns:
        yield [
            headings.label(kind, column.name),
            _("yes") if column.required else "",
            _explain(kind, column),
            example_of(kind, column),
        ]


def _explain(kind: Kind, column: Column) -> str:
    """What a column holds, in a sentence."""
    if column.words:
        labels = [label for _word, label in word_choices(kind, column.name)]
        return _("One of: %(words)s") % {"words": ", ".join(labels)}
    sentences = {
        "text": _("Text"),
        "code": _("Code"),
        "instant": _("Date and time, year first; without a time, the start of the day"),
        "day": _("Date, year first"),
        "amount": _("Amount with at most 2 decimals, without unit"),
        "currency": _("Only the platform currency; may be empty"),
        "whole": _("Whole number"),
        "json": _("JSON object"),
        "words": _("Several values, separated by ;"),
        "personal": _("Personal data, encrypted on arrival"),
    }
    said = sentences.get(column.shape, "")
    if column.reference and column.reference.why:
        said = _("Must be known: import it first")
    if column.shape in ("text", "code") and column.longest:
        most = _("at most %(size)s characters") % {"size": column.longest}
        said = _("%(value)s, %(limit)s") % {"value": said, "limit": most}
    return said
