"""Why nothing of a file can be taken."""

from __future__ import annotations

import re

from django.utils.translation import gettext_noop

from crm.imports.errors.row_errors import RowRejected, make_reason, publish

publish(
    {
        "unreadable": gettext_noop("%(name)s: cannot be read (%(why)s)"),
        "damaged_archive": gettext_noop("%(name)s: the compressed file is damaged or incomplete (%(why)s)"),
        "bomb": gettext_noop(
            "%(name)s: unpacks to more than %(times)s times its size. Unpack it and check that it is a table"
        ),
        "empty": gettext_noop("%(name)s: the file is empty"),
        "no_workbook": gettext_noop("%(name)s: this is a zip archive without a workbook. Unpack it"),
        "old_workbook": gettext_noop(
            "%(name)s: this is an old Excel workbook (.xls). Save it as .xlsx or CSV"
        ),
        "workbook_encrypted": gettext_noop("%(name)s: the workbook has a password. Save it without one"),
        "workbook_damaged": gettext_noop(
            "%(name)s: the Excel workbook or zip archive is damaged or incomplete"
        ),
        "workbook_too_large": gettext_noop(
            "%(name)s: the workbook needs too much memory or time. Save the sheet as CSV"
        ),
        "workbook_links": gettext_noop(
            "%(name)s: the workbook takes values from other workbooks. Save it with values only"
        ),
        "workbook_empty": gettext_noop("%(name)s: the workbook has no visible sheet"),
        "no_such_sheet": gettext_noop("%(name)s: there is no sheet %(sheet)s"),
        "bad_encoding": gettext_noop("%(name)s: there is no encoding %(encoding)s"),
        "pdf": gettext_noop("%(name)s: this is a PDF document, not CSV. Request the original data"),
        "web_page": gettext_noop(
            "%(name)s: this is a web page, not CSV, possibly a saved sign-in page. Download the file again"
        ),
        "encoding": gettext_noop(
            "%(name)s: the text is neither UTF-8 nor GB18030, but probably %(encodings)s. Save it as UTF-8"
        ),
        "broken_text": gettext_noop("%(name)s: the file is damaged; its text is not valid %(encoding)s"),
        "one_line": gettext_noop("%(name)s: not a CSV file (no line break in the first megabyte)"),
        "line_breaks": gettext_noop("%(name)s: not a CSV file; line breaks must be LF or CR LF"),
        "no_header": gettext_noop("%(name)s: no line contains column names"),
        "no_such_line": gettext_noop("%(name)s: line %(line)s is empty or does not exist"),
        "other_headings": gettext_noop(
            "%(name)s: other column names begin in line %(line)s. Split the file there"
        ),
        "no_such_heading": gettext_noop("%(name)s: there is no heading %(heading)s"),
        "too_many_columns": gettext_noop("%(name)s: %(columns)s columns; a file may have up to %(most)s"),
        "columns_twice": gettext_noop("%(name)s: duplicate column %(columns)s; %(kind)s accepts %(known)s"),
        "columns_missing": gettext_noop("%(name)s: missing column %(columns)s; %(kind)s accepts %(known)s"),
        "odd_quotes": gettext_noop(
            "%(name)s: the column names are in quotes (%(heading)s). Export the file again, with straight"
            " double quotes or none"
        ),
        "no_names": gettext_noop(
            "%(name)s: the first line contains values; it must contain the column names"
        ),
        "endless_line": gettext_noop("%(name)s: line %(line)s is not terminated; not a CSV file"),
        "bad_source": gettext_noop(
            "source system %(source)s: use up to 60 letters, digits, dots and hyphens"
        ),
        "out_of_reach": gettext_noop(
            "%(name)s: the file cannot be reached from this worker. Check the storage of uploads"
        ),
        "columns_unknown": gettext_noop("%(name)s: unknown column %(columns)s; %(kind)s accepts %(known)s"),
        "not_rejects": gettext_noop("%(name)s: not an exported reject file (it has no column 'reject')"),
        "reject_number": gettext_noop("%(name)s, line %(line)s: column 'reject' must stay as it was"),
        "gone": gettext_noop("%(name)s: the file is no longer stored. Upload it again"),
    }
)


SOURCE = re.compile(r"[\w.-]{0,60}")  # names of systems: a colon ends one in the ids that are stored


class FileRejected(RowRejected):
    """Nothing of the file can be imported; the message says why and what would help."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(make_reason(code, **params))
