"""Texts are stored in their normal form whichever way a file is read."""

from __future__ import annotations

import pytest

from crm.imports.loading.normal_texts import NORMAL, treatments
from crm.runtime.secrets.crypto import decrypt
from members.portfolio.models import Product, Transaction
from members.profiles.models import Channel, Event, Member
from tests.crm.imports.files import row, take

AROUND = [
    "\t",
    "\u00a0",
    "\u3000",
    "\u200b",
    "\ufeff",
    "\u2007",
    "\u202f",
    "\u2009",
    "\u00ad",
    "\u200e",
    "  ",
]
ROUNDED = "rounded by a spreadsheet, digits are lost; export this column as text"


@pytest.mark.django_db
def test_blanks_and_unseen_signs_around_make_no_other_member_or_transaction(tmp_path):
    rows = "".join(f"{sign}B-1,甲{sign},2026-01-05{sign}\nB-1{sign},甲,2026-01-05\n" for sign in AROUND)
    result = take(tmp_path, "members", f"member_id,name,registered_at\nB-1,甲,2026-01-05\n{rows}")
    assert (result.added, result.unchanged, result.rejected) == (1, 2 * len(AROUND), 0)
    assert Member.objects.get().name == "甲"
    rows = "".join(
        f"{sign}t1,B-1{sign},2026-02-01 10:00:00{sign},buy{sign},100{sign}\n" for sign in ["", *AROUND]
    )
    result = take(tmp_path, "transactions", f"transaction_id,member_id,at,kind,amount\n{rows}")
    assert (result.added, result.unchanged, result.rejected) == (1, len(AROUND), 0)
    assert Transaction.objects.get().amount == 100


@pytest.mark.django_db
@pytest.mark.parametrize("quoted", [False, True])  # a quote within a text is for the careful reader
def test_both_ways_of_reading_store_the_same(tmp_path, quoted):
    name = 'Ｆund  "A"\u200b' if quoted else "Ｆund  A\u200b"
    head = "product_id,name,category,risk\n"
    content = f"{head}Ｐ１\u3000,{name},bond\u00a0fund,Ｒ１\nP2, e\u0301t\u00e9 ,bond  fund,r2\n"
    assert take(tmp_path, "products", content).rejected == 0
    found = Product.objects.order_by("code").values_list("code", "name", "category__code", "risk")
    stored = 'Ｆund "A"' if quoted else "Ｆund A"
    assert list(found) == [("P1", stored, "bond fund", "R1"), ("P2", "été", "bond fund", "R2")]


@pytest.mark.django_db
def test_names_come_in_without_marks_of_direction(tmp_path):
    take(tmp_path, "members", "member_id,name,address\nU1,\u202e张\u2067三\u2069\u200f,北京\u202e 朝阳\n")
    found = Member.objects.get()
    assert (found.name, decrypt("address", found.address)) == ("张三", "北京 朝阳")
    take(tmp_path, "channels", "channel,name\napp,\u202eppa nA\u202c\n")
    assert Channel.objects.get().name == "ppa nA"


@pytest.mark.django_db
def test_within_json_nothing_changes(tmp_path):
    take(tmp_path, "members", "member_id\nU1\n")
    head = "event_id,member_id,at,name,properties\n"
    content = 'e1,U1,2026-05-01,page,"\u3000{""a"": ""x\u3000  \u200by""}\t"\n'
    assert take(tmp_path, "events", head + content).rejected == 0
    assert Event.objects.get().properties == {"a": "x\u3000  \u200by"}


@pytest.mark.django_db
@pytest.mark.parametrize("written", ["6.22202E+18", "6,22202E+18", "6.22202E18", "1.23e+05", "１.2E+05 "])
@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("members", "member_id"),
        ("members", "referrer_id"),
        ("members", "mobile"),
        ("members", "id_number"),
        ("transactions", "transaction_id"),
        ("transactions", "member_id"),
        ("transactions", "product_id"),
        ("products", "product_id"),
        ("touches", "visitor_id"),
        ("events", "event_id"),
    ],
)
def test_an_id_that_a_spreadsheet_rounded_is_rejected(tmp_path, kind, field, written):
    if kind != "members":
        take(tmp_path, "members", row("members"), name="members.csv")
    content = row(kind, **{field: "WRITTEN"}).replace("WRITTEN", f'"{written}"')
    result = take(tmp_path, kind, content)
    assert [(one.field, one.why) for one in result.rejects] == [(field, ROUNDED)]
    assert result.added == 0


@pytest.mark.django_db
@pytest.mark.parametrize("written", ["12345.0", "0012.00", '"1,234"', '"12,345,678.0"'])
def test_an_id_that_a_program_made_a_number_is_rejected(tmp_path, written):
    result = take(tmp_path, "members", f"member_id,name\n{written},甲\n1.2.0,乙\nV1.0,丙\n")
    why = "an ID cannot contain decimals or separators; export this column as text"
    assert [(one.field, one.why) for one in result.rejects] == [("member_id", why)]
    assert result.added == 2


@pytest.mark.parametrize(
    ("data", "needed"),
    [
        (b"U1,app\nU2,web\n", NORMAL),
        (b"U1,app\r\nU2,web\r\n", NORMAL),
        ("U1,张三\r\nU2,José\r\n".encode(), NORMAL),
        (b"U1, app\n", ("trim", "trim")),
        (b"U1,\n", NORMAL),
        (b"U1,a  b\n", ("normalise", "normalise")),
        (b"U1,a\tb\n", ("normalise", "normalise")),
        ("U1,甲（乙）\n".encode(), ("as it is", "normalise")),
        ("U1 ,\u00a0甲\n".encode(), ("trim", "normalise")),
    ],
)
def test_most_files_need_nothing(data, needed):
    assert treatments(data, "utf-8") == needed
