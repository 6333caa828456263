"""Why nothing of a file can be taken."""

from __future__ import annotations

import re

from django.utils.translation import gettext_noop

from crm.imports.reading.row_errors import Refused, because, publish

publish(
    {
        "unreadable": gettext_noop("%(name)s: cannot be read (%(why)s)"),
        "damaged_archive": gettext_noop("%(name)s: the compressed file is damaged or cut short (%(why)s)"),
        "bomb": gettext_noop(
            "%(name)s: unpacks to more than %(times)s times its size; that is no table. Unpack it and look"
        ),
        "empty": gettext_noop("%(name)s: the file is empty"),
        "workbook": gettext_noop("%(name)s: a zip archive or an Excel workbook, not CSV; save it as CSV"),
        "old_workbook": gettext_noop("%(name)s: an Excel workbook (.xls), not CSV; save it as CSV"),
        "pdf": gettext_noop("%(name)s: a PDF document, not CSV; ask for the table itself"),
        "web_page": gettext_noop("%(name)s: a web page, not CSV; perhaps a sign-in page saved in its place"),
        "utf16": gettext_noop("%(name)s: UTF-16 text; save it as UTF-8"),
        "one_line": gettext_noop("%(name)s: not a CSV file (no line break in its first megabyte)"),
        "line_breaks": gettext_noop("%(name)s: not a CSV file with line breaks LF or CR LF"),
        "no_header": gettext_noop("%(name)s: the first line is empty; it must name the columns"),
        "columns_twice": gettext_noop("%(name)s: column %(columns)s named twice; %(kind)s has %(known)s"),
        "columns_unknown": gettext_noop("%(name)s: column %(columns)s not known; %(kind)s has %(known)s"),
        "columns_missing": gettext_noop("%(name)s: column %(columns)s missing; %(kind)s has %(known)s"),
        "no_names": gettext_noop("%(name)s: the first line holds values, it must name the columns"),
        "endless_line": gettext_noop("%(name)s: line %(line)s never ends; not a CSV file"),
        "bad_source": gettext_noop(
            "source %(source)s: letters, digits, points and hyphens only, at most 60 of them"
        ),
        "gone": gettext_noop("%(name)s: the file is no longer kept; send it again"),
    }
)


SOURCE = re.compile(r"[\w.-]{0,60}")  # names of systems: a colon ends one in the ids that are stored


class Unusable(Refused):
    """Nothing of the file can be taken; the message says why and what would help."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(because(code, **params))
