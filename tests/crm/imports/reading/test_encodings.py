"""Text is read in the encoding it was written in, or not at all."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.imports.errors.file_errors import FileRejected
from crm.imports.models import ImportRun
from crm.imports.reading.encodings import Transcoded, UnknownEncoding, recognise
from members.profiles.models import Member
from tests.crm.imports.files import first, take
from tests.harness.examples import examples

HEAD = "member_id,name,region\n"
CHINESE = [
    "U1,张三,北京\nU2,欧阳娜娜,乌鲁木齐\n",
    "U1,李喆,\n",
    "U1,王翀,衢州\nU2,赵堃,亳州\nU3,陈玥,漯河\n",
    "U1,王小明,中国香港\nU2,司徒建国,台北\nU3,吕布衣,郑州\n",
    "U1,陳大文,香港九龍\nU2,張國榮,臺北\nU3,劉德華,新界\n",
    "U1,José García,上海\nU2,张三,\n",
]
OTHERS = [
    ("cp1252", "U1,Müller,Zürich\nU2,Oceano Atlântico,Montréal\n", "Windows-1252"),
    ("cp1252", "U1,Jürgen,\n", "Windows-1252"),
    ("cp1252", "U1,François Núñez,\nU2,Zoë,\nU3,Søren,Malmö\n", "Windows-1252"),
    ("big5", "U1,陳大文,台北\n", "Big5"),
    ("big5", "U1,林志玲,高雄\nU2,王小明,台中\nU3,蔡依林,新竹\n", "Big5"),
    ("shift_jis", "U1,田中太郎,東京\n", "Shift-JIS"),
    ("cp932", "U1,ヤマダ タロウ,大阪府\nU2,さとう,北海道\nU3,髙橋,東京\n", "Shift-JIS"),
    ("euc-kr", "U1,김민수,서울\n", "EUC-KR"),
    ("cp949", "U1,박지성,부산\nU2,이영희,대구\nU3,최은주,인천\n", "EUC-KR"),
    ("cp1251", "U1,Иванов,Москва\nU2,Мария Петрова,Омск\n", "Windows-1251"),
    ("cp1251", "U1,Сергей,\n", "Windows-1251"),
    ("koi8-r", "U1,Иван Петров,Москва\n", "KOI8-R"),
    ("koi8-r", "U1,Сергей,Омск\nU2,Мария Иванова,Тула\n", "KOI8-R"),
    ("cp1253", "U1,Γιώργος Παπαδόπουλος,Αθήνα\n", "Windows-1253"),
    ("cp1256", "U1,محمد,الرياض\n", "Windows-1256"),
    ("euc-jp", "U1,やまだ たろう,東京\nU2,さとう いちろう,大阪\nU3,鈴木花子,名古屋\n", "EUC-JP"),
    ("iso-2022-jp", "U1,山田太郎,東京\n", "ISO-2022-JP"),
    ("hz", "U1,张三,上海\n", "HZ"),
    ("utf-16-le", "会员号,姓名,地区\n一号,张三,上海\n", "UTF-16"),
    ("utf-16-be", "一号,张三,上海\n", "UTF-16"),
    ("utf-32-le", "U1,张三,上海\n", "UTF-32"),
    ("utf-32-be", "U1,张三,上海\n", "UTF-32"),
]


@pytest.mark.parametrize("text", CHINESE)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_chinese_is_recognised(encoding, text):
    assert recognise((HEAD + text).encode(encoding)) == encoding


@pytest.mark.parametrize(("encoding", "text", "name"), OTHERS)
def test_other_encodings_are_told_apart(encoding, text, name):
    with pytest.raises(UnknownEncoding) as caught:
        recognise((HEAD + text).encode(encoding))
    assert caught.value.likely[0] == name
    assert "GB18030" not in caught.value.likely


@pytest.mark.parametrize(("encoding", "text"), [(encoding, text) for encoding, text, _ in OTHERS])
def test_the_same_text_in_utf8_is_utf8(encoding, text):
    assert recognise((HEAD + text).encode()) == "utf-8"


@pytest.mark.parametrize(
    ("encoding", "text", "name", "before"),
    # The first signs beyond ASCII may come late.
    [*((*OTHERS[place], 0) for place in (0, 3, 5, 7, 9, 11, 14, 16, 17, 18, 20)), (*OTHERS[2], 12_000)],
)
@pytest.mark.django_db
def test_nothing_is_stored_garbled(tmp_path, encoding, text, name, before):
    content = HEAD + "".join(f"A{n},{'x' * 100},\n" for n in range(before)) + text
    with pytest.raises(FileRejected, match=f"probably .*{name}.*Save it as UTF-8"):
        take(tmp_path, "members", content.encode(encoding))
    assert not Member.objects.exclude(name="x" * 100).exists()


@pytest.mark.django_db
def test_a_damaged_line_does_not_decide_the_encoding(tmp_path):
    content = (HEAD + "U1,张三,\n").encode("gb18030") + b"U2,\xff\xff,\n" + "U3,李四,\n".encode("gb18030")
    assert first(take(tmp_path, "members", content)) == (3, "name", "cannot be decoded as GB18030")
    assert ImportRun.objects.get().encoding == "gb18030"


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["members", "channels"])  # read row by row, and by COPY
def test_a_line_of_utf8_among_gb18030_is_rejected(tmp_path, kind):
    head = "channel,name\n" if kind == "channels" else "member_id,name\n"
    lines = ["U1,张三\n".encode("gb18030"), "U2,李四\n".encode(), "U3,王五\n".encode("gb18030")]
    result = take(tmp_path, kind, head.encode() + b"".join([*lines, "U4,赵六\n".encode("gb18030")]))
    assert first(result) == (3, "", "cannot be decoded as GB18030")
    assert result.added == 3


def test_a_file_cut_within_a_character_stays_utf8():
    whole = (HEAD + "U1,张三,上海").encode()
    assert [recognise(whole[: len(whole) - cut]) for cut in range(3)] == ["utf-8"] * 3


@pytest.mark.django_db
def test_a_line_of_both_encodings_is_rejected(tmp_path):
    head, gb18030 = HEAD.encode(), "U1,张三,上海\n".encode("gb18030")
    mixed = "U2,李四,".encode() + "上海\n".encode("gb18030")
    assert first(take(tmp_path, "members", head + gb18030 + mixed + gb18030))[0] == 3


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("head", ["member_id,name,note", "channel,name,kind"])  # read row by row, and by COPY
def test_text_that_was_lost_before_is_rejected(tmp_path, head, encoding):
    kind = "members" if head.startswith("member") else "channels"
    content = f"{head}\nU1,张\ufffd,x\nU2,张三,x\n".encode(encoding)
    why = "contains �: an earlier program lost a character; export the file again"
    assert first(take(tmp_path, kind, content)) == (2, "name", why)


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["hex", "rot13", "undefined", "no-such"])
def test_what_is_no_encoding_of_text_is_said(tmp_path, encoding):
    with pytest.raises(FileRejected, match=f"no encoding {encoding}"):
        take(tmp_path, "members", HEAD + "U1,张三,\n", decided={"encoding": encoding})


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), st.integers(1, 9))
@examples(60)
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le"])
def test_transcoding_loses_nothing_wherever_it_is_cut(encoding, text, size):
    data = text.encode(encoding)
    file = Transcoded(data[:size], io.BytesIO(data[size:]), encoding)
    assert b"".join(iter(lambda: file.read(size), b"")).decode() == text
