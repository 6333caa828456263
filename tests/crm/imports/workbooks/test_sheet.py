"""Workbooks take the same way as CSV; hostile ones are refused in a sentence and harm nobody."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial

import pytest

from crm.imports.errors.file_errors import FileRejected
from crm.imports.loading.load import retry_rejects
from crm.imports.models import ImportRun
from crm.imports.workbooks import rows
from members.portfolio.models import Transaction
from members.profiles.models import Identity, Member
from tests.crm.imports.files import NOW, first, take
from tests.crm.imports.workbooks.making import archive, ods, with_part, xlsx

cell = partial(datetime, tzinfo=None)  # a spreadsheet knows no zone
HEAD = ["会员号", "姓名", "备注", "地区(省,市)"]
ROWS = [
    HEAD,
    ["007", '王"小"明', "x", "北京\n朝阳"],
    [12345, "a,b;c\td", 1, "x"],
    ["", "李", "", ""],
    [None, None, None, None],
    ["合计", 2, None, None],
]


@pytest.mark.django_db
def test_a_sheet_takes_the_way_of_a_text_file(tmp_path):
    result = take(tmp_path, "members", xlsx(ROWS, above=3), name="list.xlsx")
    assert (result.read, result.added, first(result)) == (3, 2, (7, "member_id", "is required"))
    assert sorted(Identity.objects.values_list("value", flat=True)) == ["007", "12345"]
    assert set(Member.objects.values_list("name", "region")) == {
        ('王"小"明', "北京\n朝阳"),
        ("a,b;c d", "x"),
    }
    assert result.skipped.found == {"empty": [1, 8], "summary": [1, 9]}
    again = retry_rejects(ImportRun.objects.get().pk, None, now=NOW)
    assert (again.read, again.rejected) == (1, 1)


@pytest.mark.django_db
def test_an_open_document_takes_the_same_way(tmp_path):
    result = take(
        tmp_path, "members", ods([["会员号", "姓名"], ["007", "王"], [12345.0, "李"]]), name="list.ods"
    )
    assert (result.read, result.added) == (2, 2)
    assert sorted(Identity.objects.values_list("value", flat=True)) == ["007", "12345"]


@pytest.mark.django_db
def test_dates_and_amounts_are_what_the_sheet_shows(tmp_path):
    take(tmp_path, "members", "member_id\n10001\n")
    rows = [
        ["transaction_id", "member_id", "at", "kind", "amount"],
        ["T1", 10001, cell(2026, 2, 1, 10, 20, 30), "buy", 0.1 + 0.2],
        ["T2", 10001, date(2026, 2, 1), "buy", 1000],
        ["T3", 10001, "2026-02-01T08:00:00", "buy", "12.30"],
    ]
    result = take(tmp_path, "transactions", xlsx(rows), name="list.xlsx")
    assert (result.read, result.added) == (3, 3)
    found = {one.id: (one.at.isoformat(), str(one.amount)) for one in Transaction.objects.all()}
    assert found == {
        "T1": ("2026-02-01T02:20:30+00:00", "0.30"),
        "T2": ("2026-01-31T16:00:00+00:00", "1000.00"),
        "T3": ("2026-02-01T00:00:00+00:00", "12.30"),
    }


@pytest.mark.django_db
def test_the_first_sheet_or_the_one_that_is_named(tmp_path):
    book = xlsx([HEAD, ["A", "", "", ""]], [HEAD, ["B", "", "", ""]], names=("一月", "二月"))
    take(tmp_path, "members", book, name="list.xlsx")
    take(tmp_path, "members", book, name="list.xlsx", decided={"sheet": "二月"})
    assert sorted(Identity.objects.values_list("value", flat=True)) == ["A", "B"]
    with pytest.raises(FileRejected, match="there is no sheet 三月"):
        take(tmp_path, "members", book, name="list.xlsx", decided={"sheet": "三月"})


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (12345.0, "12345"),
        (0.1 + 0.2, "0.3"),
        (-1234.5, "-1234.5"),
        (0.00001, "0.00001"),
        (123456789012345.0, "123456789012345"),
        (6.22202020011223e18, "6.22202E+18"),
        (True, "TRUE"),
        (cell(2026, 2, 1, 9, 59, 59, 999_000), "2026-02-01 10:00:00"),
        (cell(2026, 2, 1), "2026-02-01"),
        ("007", "007"),
        ("a\r\nb\x1fc", "a\x1ebc"),
    ],
)
def test_a_cell_is_written_as_a_person_would(cell, text):
    assert rows.text_of(cell) == text


PLAIN = xlsx([HEAD, ["A", "", "", ""]])
FAR = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    b"</sheetData></worksheet>"
)
ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
ODS_ENCRYPTED = archive({"content.xml": "x", "META-INF/manifest.xml": "<manifest:encryption-data/>"})
HOSTILE = {
    "cut short": (PLAIN[:-200], "damaged or incomplete"),
    "no xml": (with_part(PLAIN, "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row>"), "damaged"),
    "encrypted": (ENCRYPTED, "has a password"),
    "encrypted ods": (ODS_ENCRYPTED, "has a password"),
    "old": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "old Excel workbook"),
    "other archive": (archive({"a.txt": "x"}), "without a workbook"),
    "links": (with_part(PLAIN, "xl/externalLinks/externalLink1.xml", b"<x/>"), "other workbooks"),
    "far cell": (with_part(PLAIN, "xl/worksheets/sheet1.xml", FAR), "too much memory"),
    "wide": (xlsx([["member_id", *(f"c{n}" for n in range(10_001))]]), "10002 columns"),
    "empty": (xlsx([]), "the file is empty"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_is_refused_in_a_sentence(tmp_path, name):
    content, why = HOSTILE[name]
    with pytest.raises(FileRejected, match=why):
        take(tmp_path, "members", content, name="list.xlsx")
    assert not ImportRun.objects.exists()


@pytest.mark.django_db
def test_a_workbook_that_unpacks_without_end_is_refused_unread(tmp_path, monkeypatch):
    bomb = with_part(PLAIN, "xl/worksheets/sheet1.xml", b" " * (64 << 20))
    monkeypatch.setattr(rows, "UNPACKED", 1 << 20)
    with pytest.raises(rows.Refused, match="workbook_too_large"):
        rows.check(bomb)
