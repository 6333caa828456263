"""A table to save: as CSV, or as a workbook where the reader asks for one. The rows are the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.http import StreamingHttpResponse

from crm.web.downloads import csv, workbook
from crm.web.responses import StaffRequest, attachment

FORM = "form"  # the parameter that names the form, in an address or a form's fields
WORKBOOK = "xlsx"


def table_file(
    request: StaffRequest,
    rows: Iterable[Iterable[object]],
    name: str,
    *,
    more: Mapping[str, Iterable[Iterable[object]]] | None = None,
) -> StreamingHttpResponse:
    """The rows, headings first, as `name`.csv, or .xlsx where the request says form=xlsx.

    `more` are further sheets of a workbook by name; a CSV has no place for them.
    """
    if WORKBOOK in (request.POST.get(FORM), request.GET.get(FORM)):
        return attachment(workbook.encode(rows, more or {}), f"{name}.xlsx", workbook.CONTENT_TYPE)
    return attachment(csv.encode(rows), f"{name}.csv", csv.CONTENT_TYPE)
