"""Laws of finding and splitting: whatever stands before a table, around its quotes or in its cells."""

from __future__ import annotations

import csv
import io

from hypothesis import assume, given
from hypothesis import strategies as st

from crm.imports import kinds
from crm.imports.errors.file_errors import FileRejected
from crm.imports.options import ReadingOptions
from crm.imports.reading.records import Chunk, Reader, split_spaced
from crm.imports.tables.find import find_table
from crm.imports.tables.layout import Layout
from crm.imports.tables.record import UNIT
from crm.imports.workbooks.rows import text_of
from tests.harness.examples import examples

HEADINGS = ["会员号", "姓名", "地区(省,市;区)", "备注\n两行"]
SIGNS = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"])
TEXTS = st.text(SIGNS, max_size=8)
BLANKS = st.text(st.sampled_from(" \t\u00a0\u3000"), max_size=3)
REMARKS = st.lists(
    st.text(st.sampled_from("ab说明：，,;|\t\"'-*0123456789"), max_size=20).filter(
        lambda line: "会员号" not in line
    ),
    max_size=30,
)


def written(rows: list[list[str]], mark: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=mark, lineterminator="\n").writerows(rows)
    return out.getvalue()


@examples(100)
@given(REMARKS, st.sampled_from(",;\t|"), st.lists(st.lists(TEXTS, min_size=4, max_size=4), max_size=5))
def test_a_table_is_found_behind_any_remarks(remarks, mark, rows):
    assume(not any(line.count('"') % 2 for line in remarks))  # an open quote may swallow what follows
    text = "".join(line + "\n" for line in remarks) + written([HEADINGS, *rows], mark)
    table = find_table(text, kinds.get("members"), ReadingOptions())
    assert (table.line, table.lines, table.delimiter) == (len(remarks) + 1, 2, mark)
    assert table.headings == ["会员号", "姓名", "地区(省,市;区)", "备注两行"]


@examples(200)
@given(st.lists(st.tuples(BLANKS, TEXTS, BLANKS), min_size=1, max_size=5), st.sampled_from(",;|"))
def test_blanks_around_quotes_change_nothing(fields, mark):
    quoted = (before + '"' + text.replace('"', '""') + '"' + after for before, text, after in fields)
    assert split_spaced([mark.join(quoted) + "\r\n"], mark) == [text for _, text, _ in fields]


@examples(200)
@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=8), min_size=2, max_size=2
    )
)
def test_a_cell_of_a_workbook_is_read_as_it_stands(cells):
    cells = [
        cell.replace("\r\n", "\n").replace("\r", "\n").translate({0: "", 0x1E: "", 0x1F: ""})
        for cell in cells
    ]
    assume(cells[0].strip(" \t\n\u00a0\u3000\ufeff") and not cells[0].startswith("\ufeff"))
    layout = Layout(kinds.get("members"), ["会员号", "姓名"], ["member_id", "name"], UNIT)
    line = UNIT.join(map(text_of, cells)).encode() + b"\n"
    try:
        found = [record.fields for record in Reader(Chunk(line, 2, True), layout)]
    except FileRejected:  # two names of columns are where another table begins
        assume(False)
    assume(found or "计" in cells[0] or "total" in cells[0].lower() or cells[0][0] in "共总")
    assert found in ([cells], [])
