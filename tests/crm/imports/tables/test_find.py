"""Where a table begins, what separates it, which lines of it are no rows: found, and said."""

from __future__ import annotations

import re

import pytest
from django.core.management import call_command

from crm.imports import kinds
from crm.imports.errors.file_errors import FileRejected
from crm.imports.models import ImportRun
from crm.imports.options import ReadingOptions
from crm.imports.tables.find import find_table
from members.portfolio.models import Transaction
from members.profiles.models import Channel, Identity, Member
from tests.crm.imports.files import first, take

pytestmark = pytest.mark.django_db


def ids() -> list[str]:
    return sorted(Identity.objects.values_list("value", flat=True))


def skipped(result) -> dict[str, tuple[int, int]]:
    return {what: tuple(found) for what, found in result.skipped.found.items()}


def test_a_heading_with_a_line_break_is_one_heading(tmp_path):
    content = 'member_id,name,"mob\nile",region\nC-1,王,13800000001,上海\n,李,,\n'
    result = take(tmp_path, "members", content)
    assert (result.added, first(result)) == (1, (4, "member_id", "is required"))
    assert Member.objects.get().region == "上海"
    assert Member.objects.get().mobile


@pytest.mark.parametrize("columns", [500, 1000, 9_000])
def test_columns_that_nobody_uses_cost_nothing(tmp_path, columns):
    names, values = (",".join(f"{sign}{n}" for n in range(columns)) for sign in "cv")
    result = take(tmp_path, "members", f"member_id,name,{names}\nF-1,王,{values}\n,李,{values}\n")
    assert (result.added, first(result)) == (1, (3, "member_id", "is required"))


def test_more_columns_than_the_limit_are_refused_in_a_sentence(tmp_path):
    names = ",".join(f"c{n}" for n in range(10_001))
    with pytest.raises(FileRejected, match="10002 columns; a file may have up to 10000"):
        take(tmp_path, "members", f"member_id,{names}\nF-1,{names}\n")


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_headings_repeated_inside_are_passed_over(tmp_path, mark, end):
    lines = [f"{mark}member_id,name", "L-1,王", f'{mark}"member_id",name', "L-2,乙", f"{mark}member_id,name"]
    result = take(tmp_path, "members", end.join(lines) + end)
    assert (result.read, result.added, ids()) == (2, 2, ["L-1", "L-2"])
    assert skipped(result) == {"headings": (2, 3)}


def test_repeated_headings_never_take_the_fast_way(tmp_path):
    take(tmp_path, "members", "member_id\nU1\n")
    head = "transaction_id,member_id,at,kind,amount\n"
    rows = "T1,U1,2026-05-01,buy,1.00\n{}T2,U1,2026-05-01,buy,1.00\n"
    result = take(tmp_path, "transactions", head + rows.format("\ufeff" + head))
    assert (result.read, result.added, skipped(result)) == (2, 2, {"headings": (1, 3)})


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("members", "member_id,name,region\nL-1,王,上海\nname,member_id,region\n乙,L-2,北京\n"),
        ("members", "member_id,name,region\nL-1,王,上海\nmember_id,name,occupation\nL-2,乙,教师\n"),
        ("channels", "channel,name,kind\na,b,c\nname,channel,kind\nx,y,z\n"),
        ("channels", "channel,name\na,b\nname,channel\nx,y\n"),
    ],
)
def test_another_table_in_the_file_is_refused(tmp_path, kind, content):
    with pytest.raises(FileRejected, match="other column names begin in line 3. Split the file there"):
        take(tmp_path, kind, content)
    assert not Member.objects.exists()
    assert not Channel.objects.exists()


def test_a_value_that_is_called_as_a_column_is_a_value(tmp_path):
    rows = "name,region,上海,x\nU1,name,region,x\n"
    result = take(tmp_path, "members", "member_id,name,region,occupation\n" + rows)
    assert (result.added, result.rejected) == (2, 0)


@pytest.mark.parametrize(
    ("content", "delimiter", "headings"),
    [
        ("会员号;姓名;地区(省,市,区)\nV-1;王;上海\n", ";", ["会员号", "姓名", "地区(省,市,区)"]),
        ("会员号\t姓名\t地区;省,市\nV-1\t王\t上海\n", "\t", ["会员号", "姓名", "地区;省,市"]),
        ("sep=;\nmember_id;name,x\nR-1;王\n", ";", ["member_id", "name,x"]),
        ("\n\nmember_id|name\nR-1|王, 李, 赵\n", "|", ["member_id", "name"]),
        ("member_id\na;b;c\nd;e;f\n", ",", ["member_id"]),
        ("a,b;c\n1,2;3\n", ",", ["a", "b;c"]),
        ("a;b;c,d\n1;2;3\n4;5;6\n", ";", ["a", "b", "c,d"]),
    ],
)
def test_the_separator_is_decided_by_all_the_first_rows(content, delimiter, headings):
    table = find_table(content, kinds.get("members"), ReadingOptions())
    assert (table.delimiter, table.headings) == (delimiter, headings)


BILL = """----------------------------
{}
起始时间:[2026-02-01 00:00:00]    终止时间:[2026-02-28 23:59:59]
账单,查询
导出说明：本明细仅供参考
{}
交易流水号,会员号,交易时间,交易类型,金额
S-1,B-1,2026-02-01 10:00:00,buy,10.00
"""


@pytest.mark.parametrize("lines", [0, 1, 5, 24, 60])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_table_may_begin_further_down(tmp_path, lines, encoding):
    take(tmp_path, "members", "member_id\nB-1\n")
    content = BILL.format("支付宝账单", "说明\n" * lines)
    result = take(tmp_path, "transactions", content.encode(encoding))
    assert (result.read, result.added) == (1, 1)
    assert Transaction.objects.get().id == "S-1"


def test_the_command_says_how_the_file_is_read(tmp_path, capsys):
    file = tmp_path / "bill.csv"
    file.write_text("账单\n\nsep\n会员号;姓名;,备注;\nB-1;王;x;\n;;;\n合计;1\n", encoding="utf-8")
    call_command("import_csv", "members", str(file), "--dry-run")
    said = capsys.readouterr().out
    assert "会员号 → member_id" in said
    assert "The table begins in line 4." in said
    assert "Not imported: ,备注." in said
    assert "1 column without a heading is not imported." in said
    assert "1 empty row skipped." in said
    assert "Summary row in line 7 skipped." in said


@pytest.mark.parametrize(
    ("tail", "what"),
    [
        (",,\n,,\n", {"empty": (2, 3)}),
        (',"",\n \u3000,\t,\n', {"empty": (2, 3)}),
        ("合计,12,\n", {"summary": (1, 3)}),
        ("共 12 笔\n", {"summary": (1, 3)}),
        ("Total:,,12\n", {"summary": (1, 3)}),
        ("--------------\n导出时间:[2026-03-01 10:00:00]\n", {"summary": (2, 3)}),
    ],
)
def test_lines_that_are_no_rows_are_passed_over_and_said(tmp_path, tail, what):
    result = take(tmp_path, "members", "member_id,name,region\nT-1,王,上海\n" + tail)
    assert (result.read, result.added, result.rejected, ids()) == (1, 1, 0, ["T-1"])
    assert skipped(result) == what
    assert ImportRun.objects.get().skipped == result.skipped.found
    assert result.as_json()["skipped"] == {
        name: dict(zip(("lines", "first"), found, strict=True)) for name, found in what.items()
    }


def test_a_hundred_thousand_empty_lines_are_not_read_for_every_line_before_them():
    text = "".join(f"remark {n}\n" for n in range(100)) + "\n" * 100_000  # minutes, if they were
    assert find_table(text, kinds.get("members"), ReadingOptions()).line == 1


def test_what_stands_in_a_row_is_no_remark(tmp_path):
    content = "member_id,name,region\n共享-1,合计,总\n备注\n"
    result = take(tmp_path, "members", content)
    assert (result.added, ids()) == (1, ["共享-1"])
    assert skipped(result) == {"summary": (1, 3)}


def test_empty_headings_and_surplus_separators_are_no_columns(tmp_path):
    result = take(tmp_path, "members", "member_id,name,,,\nW-1,王,,,\nW-2,王,,,,,\nW-3,王,,,,x\n")
    assert (result.added, first(result)) == (2, (4, "", "6 fields; the header has 5"))


@pytest.mark.parametrize(
    "row",
    ['"N-1"\t,王,"上海"\t', '"N-1" ,王, "上海"', '\u3000"N-1"\u00a0,"王" ,"上海"', 'N-1,"王", "上海" '],
)
def test_blanks_between_a_quote_and_a_separator_mean_nothing(tmp_path, row):
    result = take(tmp_path, "members", f"member_id,name,region\n{row}\n")
    assert (result.added, ids()) == (1, ["N-1"])
    assert (Member.objects.get().name, Member.objects.get().region) == ("王", "上海")


@pytest.mark.parametrize("row", ['"N-1" x,王,上海', '"N-1,王,上海', 'N-1,"a"b",上海'])
def test_a_quote_within_a_field_is_still_refused(tmp_path, row):
    assert (
        first(take(tmp_path, "members", f"member_id,name,region\n{row}\n"))[2]
        == "unclosed or misplaced quote"
    )


def test_a_line_may_be_named(tmp_path):
    table = find_table("x\na,b\nmember_id,name\n", kinds.get("members"), ReadingOptions(table_line=2))
    assert (table.line, table.headings) == (2, ["a", "b"])


def test_what_is_not_imported_is_in_the_result(tmp_path):
    result = take(tmp_path, "members", "member_id,nmae,\nU1,王,\n")
    assert result.as_json()["not_imported"] == ["nmae"]
    assert "not_imported" not in take(tmp_path, "members", "member_id\nU1\n").as_json()


def test_the_same_heading_twice_is_refused(tmp_path):
    with pytest.raises(FileRejected, match="duplicate column 'name'"):
        take(tmp_path, "members", "member_id,姓名,姓名\nU1,a,b\n")


@pytest.mark.parametrize(
    ("head", "again"),
    [
        ("member_id,name", " MEMBER_ID , Name "),
        ("member_id,name", '"Member_ID",NAME'),
        ("会员号,姓名", "member_id,name"),
        ("member_id,name", "客户编号,姓名"),
    ],
)
@pytest.mark.parametrize("kind", ["members", "channels"])  # read row by row, and by COPY
def test_headings_again_in_other_letters_or_another_language_are_passed_over(tmp_path, kind, head, again):
    if kind == "channels":
        head, again = (
            text.replace("客户编号", "渠道代码").replace("会员号", "渠道代码").replace("姓名", "渠道名称")
            for text in (head.replace("member_id", "channel"), re.sub("(?i)member_id", "Channel", again))
        )
    result = take(tmp_path, kind, f"{head}\nL1,王\n{again}\nL2,乙\n")
    assert (result.read, result.added, skipped(result)) == (2, 2, {"headings": (1, 3)})


def test_a_table_above_a_wider_one_is_no_preamble(tmp_path):
    content = "member_id,name\nA,王\n\n\nmember_id,name,region\nB,乙,上海\n"
    with pytest.raises(FileRejected, match="other column names begin in line 5"):
        take(tmp_path, "members", content)
    assert not Member.objects.exists()


@pytest.mark.parametrize("columns", [10_000, 10_500])
def test_the_limit_of_columns_is_told_whatever_the_rows_have(tmp_path, columns):
    names = ",".join(f"c{n}" for n in range(columns))
    with pytest.raises(FileRejected, match=f"{columns + 2} columns; a file may have up to 10000"):
        take(tmp_path, "members", f"member_id,name,{names}\nF-1,王\n")


@pytest.mark.parametrize(
    "content",
    [
        "'member_id','name'\n'A','王'\n",
        "“member_id”,“name”\n“A”,“王”\n",
        '"""member_id""","""name"""\n"""A""",王\n',
    ],
)
def test_fields_in_other_quotes_are_refused(tmp_path, content):
    with pytest.raises(FileRejected, match="the column names are in quotes"):
        take(tmp_path, "members", content)


def test_traditional_headings_are_known(tmp_path):
    take(tmp_path, "members", "會員號,姓名,電子郵件,性別\nA,王,wang@example.cn,男\n")
    assert Member.objects.values_list("name", "sex").get() == ("王", "male")
