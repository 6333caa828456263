"""A workbook holds what the CSV holds, in cells that a spreadsheet leaves as they are."""

import io
import re
import resource
import tempfile
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import xlsxwriter
from django.test import RequestFactory

from crm.web.downloads import csv, workbook
from crm.web.downloads.table_files import table_file


def sheet(rows, number=1) -> str:
    file = zipfile.ZipFile(io.BytesIO(b"".join(workbook.encode(rows))))
    return file.read(f"xl/worksheets/sheet{number}.xml").decode()


def cells(xml: str) -> list[tuple[str, str]]:
    """(type, content) of each cell; a number has no type."""
    found = re.findall(r"<c r=\"[A-Z]+\d+\"[^>]*?(?: t=\"(\w+)\")?>(.*?)</c>", xml, re.DOTALL)
    return [(kind, re.sub(r"<[^>]+>", "", inner)) for kind, inner in found]


@pytest.mark.parametrize("text", ["007", "6222020200112230000", "2026-02-01", "1E5", "张*", "http://a.cn"])
def test_a_text_stays_text(text):
    assert cells(sheet([["Id"], [text]]))[1] == ("inlineStr", text)


@pytest.mark.parametrize("text", ["=1+1", "{=1}", "+1", "-1", "@x", "＝HYPERLINK(1)", "\t=1", '="00012"'])
def test_nothing_is_a_formula(text):
    xml = sheet([["Id"], [text]])
    assert "<f>" not in xml and "inlineStr" in xml and len(cells(xml)) == 2


def test_numbers_and_days_are_cells_of_their_kind():
    row = [Decimal("1234.50"), -3, date(2026, 2, 1), datetime(2026, 2, 1, 2, tzinfo=UTC), None, ""]
    found = cells(sheet([["a"] * 6, row]))[6:]
    assert found == [("", "1234.5"), ("", "-3"), ("", "46054"), ("", found[3][1])] and float(
        found[3][1]
    ) == pytest.approx(46054 + 10 / 24)


def test_what_a_spreadsheet_would_change_is_text():
    row = [Decimal("12345678901234.56"), 1234567890123456, date(1899, 1, 2)]
    found = cells(sheet([["a"] * 3, row]))[3:]
    assert found == [
        ("inlineStr", "12345678901234.56"),
        ("inlineStr", "1234567890123456"),
        ("inlineStr", "1899-01-02"),
    ]


def test_more_rows_than_a_sheet_holds_go_on_in_another_one(monkeypatch):
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    rows = [["Id"], *([str(number)] for number in range(4))]
    assert [text for _, text in cells(sheet(rows))] == ["Id", "0", "1"]
    assert [text for _, text in cells(sheet(rows, 2))] == ["Id", "2", "3"]


def test_an_empty_table_is_a_workbook():
    assert cells(sheet([])) == []


def test_the_request_says_the_form_and_rows_are_the_same():
    rows = [["Id", "Day"], ["007", date(2026, 2, 1)]]
    request = RequestFactory().get("/", {"form": "xlsx"})
    answer = table_file(request, rows, "members")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="members.xlsx"'
    assert b"".join(answer.streaming_content).startswith(b"PK")
    plain = table_file(RequestFactory().post("/"), rows, "members")
    assert plain.headers["Content-Type"] == csv.CONTENT_TYPE
    assert b"".join(plain.streaming_content).decode().splitlines()[1] == "007,2026-02-01"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # of the library's zip file
def test_a_full_disk_leaves_no_temporary_file(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, before[1]))
    try:
        with pytest.raises((OSError, xlsxwriter.exceptions.FileCreateError)):
            list(workbook.encode([line, "x" * 100] for line in range(5_000)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not list(tmp_path.iterdir())
