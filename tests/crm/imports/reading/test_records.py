"""Files as they come: encodings, compression, line ends, quotes, damage; and unusable files."""

from __future__ import annotations

import gzip

import pytest

from crm.imports.errors.file_errors import FileRejected
from crm.imports.loading import load as load_module
from crm.imports.models import ImportRun
from crm.imports.reading import source
from members.profiles.models import Channel, Event, Member
from tests.crm.imports.files import first, take

HEAD = "channel,name,kind\n"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode(),
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("gb18030"),
        lambda text: text.encode("utf-16"),
        lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
        lambda text: text.encode("utf-32"),
        lambda text: gzip.compress(text.encode("utf-16")),
        lambda text: gzip.compress(text.encode()),
        lambda text: gzip.compress(text.encode("gb18030")),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n", "\r\n").encode("utf-8-sig"),
        lambda text: text.rstrip("\n").encode(),
        lambda text: (text + "\n\n\r\n").encode(),
        lambda text: text.replace("\n", "\n\n").encode(),
    ],
    ids=[
        "utf8",
        "bom",
        "gb18030",
        "utf16",
        "utf16 big endian",
        "utf32",
        "gz utf16",
        "gz",
        "gz gb18030",
        "crlf",
        "crlf bom",
        "no last break",
        "blank end",
        "blanks",
    ],
)
def test_the_same_text_in_any_dress(tmp_path, encode):
    result = take(tmp_path, "channels", encode(HEAD + "app,应用商店,线上\nweb,网站,线上\n"))
    assert (result.read, result.added, result.rejected) == (2, 2, 0)
    assert list(Channel.objects.order_by("code").values_list("code", "name", "kind")) == [
        ("app", "应用商店", "线上"),
        ("web", "网站", "线上"),
    ]


@pytest.mark.django_db
def test_the_order_and_case_of_columns_do_not_matter(tmp_path):
    take(tmp_path, "channels", "Kind, NAME ,channel\nx,An app,app\n")
    assert Channel.objects.get().name == "An app"


@pytest.mark.django_db
def test_line_numbers_count_the_breaks_within_quotes(tmp_path):
    content = HEAD + 'app,"two\nlines",x\nweb,a,b,c\nshop,"three\r\n\nlines",x\n,late,x\n'
    result = take(tmp_path, "channels", content)
    assert [(one.line, one.field, one.why) for one in result.rejects] == [
        (4, "", "4 fields; the header has 3"),
        (8, "channel", "is required"),
    ]
    assert Channel.objects.get(code="app").name == "two\nlines"
    assert Channel.objects.get(code="shop").name == "three\r\n\nlines"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("bad", "field", "why"),
    [
        (b"web,a\n", "", "2 fields; the header has 3"),
        (b"web,a,b,c\n", "", "4 fields; the header has 3"),
        (b'web,"never closed,x\n', "", "unclosed or misplaced quote"),
        (b'web,"closed" too soon,x\n', "", "unclosed or misplaced quote"),
        (b"web,a\0b,x\n", "name", "contains a NUL character"),
        (b"web,\xff\xfe\xff,x\n", "name", "cannot be decoded as UTF-8"),
        (b"web," + b"x" * 300_000 + b",x\n", "name", "longer than 120 characters"),
        (b"web,a\rb,x\n", "", "unclosed or misplaced quote"),
    ],
    ids=["few", "many", "open quote", "early quote", "nul", "bytes", "huge", "bare cr"],
)
def test_a_damaged_row_is_named_and_its_neighbours_go_in(tmp_path, bad, field, why):
    content = (HEAD + "app,应用,x\n").encode() + bad + "shop,门店,x\ncall,电话,x\n".encode()
    result = take(tmp_path, "channels", content)
    assert first(result) == (3, field, why)
    assert (result.read, result.added) == (4, 3)
    assert set(Channel.objects.values_list("code", flat=True)) == {"app", "shop", "call"}


@pytest.mark.django_db
def test_two_stray_quotes_do_not_swallow_the_rows_between(tmp_path):
    content = HEAD + '"app,a,x\nweb,b,x\n"shop,c,x\ncall,d,x\n'
    result = take(tmp_path, "channels", content)
    assert [one.line for one in result.rejects] == [2, 4]
    assert set(Channel.objects.values_list("code", flat=True)) == {"web", "call"}


@pytest.mark.django_db
def test_a_quote_within_a_text_is_part_of_it(tmp_path):
    take(tmp_path, "channels", HEAD + 'app,a 5" screen,x\n')
    assert Channel.objects.get().name == 'a 5" screen'


@pytest.mark.django_db
def test_the_end_mark_of_copy_is_a_text_like_any_other(tmp_path):
    result = take(tmp_path, "channels", "channel\napp\n\\.\nweb\n")
    assert (result.read, result.added) == (3, 3)


@pytest.mark.django_db
def test_a_damaged_row_in_gb18030(tmp_path):
    content = (
        (HEAD + "app,应用商店,线上\nweb,").encode("gb18030")
        + b"\xff\xff,x\n"
        + "shop,门店,x\n".encode("gb18030")
    )
    result = take(tmp_path, "channels", content)
    assert first(result) == (3, "name", "cannot be decoded as GB18030")
    assert Channel.objects.get(code="shop").name == "门店"


@pytest.mark.django_db
@pytest.mark.parametrize("careful", [1, 40, 90, 1 << 20])
def test_where_a_file_is_cut_into_batches_changes_nothing(tmp_path, monkeypatch, careful):
    monkeypatch.setattr(load_module, "CAREFUL_CHUNK", careful)
    monkeypatch.setattr(load_module, "CHUNK", careful)
    names = [f"c{number}" for number in range(60)]
    rows = [f'{name},"a ""quoted""\ntext, {name}",x\n' for name in names]
    rows[20] = "c20,short\n"
    rows[40] = '"c40,open,x\n'
    result = take(tmp_path, "channels", HEAD + "".join(rows))
    assert [(one.line, one.field) for one in result.rejects] == [(42, ""), (81, "")]
    assert (result.read, result.added, result.rejected) == (60, 58, 2)


@pytest.mark.django_db
def test_properties_full_of_quotes_and_commas(tmp_path):
    take(tmp_path, "members", "member_id\nU1\n")
    content = (
        'event_id,member_id,at,name,properties\ne1,U1,2026-05-01,page,"{""path"": ""/a,b"", ""n"": [1, 2]}"\n'
    )
    take(tmp_path, "events", content)
    assert Event.objects.get().properties == {"path": "/a,b", "n": [1, 2]}


UNUSABLE = [
    (b"", "the file is empty"),
    (b"\n\n", "no line contains column names"),
    (b",,\n;\n", "no line contains column names"),
    (b"channel,name,channel\n", "duplicate column 'channel'"),
    (b"name,kind\nx,y\n", "missing column 'channel'"),
    (b"PK\x03\x04rest", "Excel workbook"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Excel workbook"),
    (b"%PDF-1.7\n", "PDF document"),
    (b"<!DOCTYPE html>\n<html>", "web page"),
    ("channel\nx\n".encode("utf-16-le"), "probably UTF-16. Save it as UTF-8"),
    (b"\xff\xfe\x00\xd8" + "channel\nx\n".encode("utf-16-le"), "not valid UTF-16-LE"),
    (b"chan\0nel\nx\n", "not a CSV file"),
    (b"channel\rx\ry\r", "not a CSV file"),
    (b"x" * (3 << 20), "not a CSV file"),
    (gzip.compress(b"channel\n" + b"app\n" * 1000)[:-12], "damaged or incomplete"),
    (gzip.compress(b"channel\napp\n") + b"garbage", "damaged or incomplete"),
    (gzip.compress(b""), "the file is empty"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("content", "why"), UNUSABLE, ids=[why for _, why in UNUSABLE])
def test_a_file_of_which_nothing_can_be_taken(tmp_path, content, why):
    with pytest.raises(FileRejected, match=why):
        take(tmp_path, "channels", content)
    assert not ImportRun.objects.exists()
    assert not Channel.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_columns_may_be_separated_by_other_marks(tmp_path, mark):
    content = HEAD + 'app,"a; b\t|",x\nweb,b\nshop,c,x\n'
    lines = [line.replace(",", mark) for line in content.splitlines(keepends=True)]
    result = take(tmp_path, "channels", "".join(lines))
    assert first(result) == (3, "", "2 fields; the header has 3")
    assert dict(Channel.objects.values_list("code", "name")) == {"app": "a; b |", "shop": "c"}


@pytest.mark.django_db
def test_an_archive_that_unpacks_without_end_is_refused_early(tmp_path, monkeypatch):
    monkeypatch.setattr(source, "BOMB_FROM", 4 << 20)
    with pytest.raises(FileRejected, match="unpacks to more than 200 times its size"):
        take(tmp_path, "channels", gzip.compress(b"channel\n" + b"\n" * (64 << 20)))
    assert not ImportRun.objects.exists()


@pytest.mark.django_db
def test_a_header_alone_is_a_file_of_no_rows(tmp_path):
    result = take(tmp_path, "members", "member_id,name\n")
    assert (result.read, result.added) == (0, 0)
    assert not Member.objects.exists()
