"""One normal form of mobiles, e-mail addresses and ID numbers, in which they are stored and searched for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.imports.errors.row_errors import RowRejected
from crm.runtime.secrets.crypto import decrypt
from crm.staff.models import Role
from members.profiles.models import Member
from members.profiles.personal import normal_forms
from members.profiles.search.search_members import search_members
from tests.crm.imports.files import take
from tests.crm.staff.people import staff_of
from tests.harness.examples import examples

MOBILES = {
    "13800000001.00": "13800000001",
    "+8613800000001.0": "13800000001",
    "013800000002": "13800000002",
    "+86 013800000002": "13800000002",
    "+86 (0)138 0000 0002": "13800000002",
    "(+86)13800000002": "13800000002",
    "86-138-0000-0002": "13800000002",
    "08613800000002": "13800000002",
    "008613800000002": "13800000002",
    "＋86 138‑0000‑0002": "13800000002",
    "\u206613800000005\u2069": "13800000005",
    "１３８０００００００６": "13800000006",
    "13800000007\u200b": "13800000007",
    "\ufeff138\u00a00000\u30000007\t": "13800000007",
    "tel:13800000007": "13800000007",
    "138.0000.0000": "13800000000",
    "+852 9123 4567": "+85291234567",
    "00852-9123-4567": "+85291234567",
    "9123 4567": "91234567",
    "+1 (212) 555-1234": "+12125551234",
}
NO_MOBILES = {
    "861380000003": "mobile_digits",
    "1380000": "mobile_digits",
    "138000000": "mobile_digits",
    "138000000001": "mobile_digits",
    "3800000001": "mobile_digits",
    "8623800000001": "mobile_digits",
    "+861380000003": "not_mobile",
    "+13800000001": "not_mobile",
    "+013800000001": "not_mobile",
    "01080001234": "mobile_digits",
    "075512345678": "not_mobile",
    "13800000001/13900000002": "not_mobile",
    "1.38E+10": "rounded",
    "1,38E+10": "rounded",
    "١٣٨٠٠٠٠٠٠٠١": "not_mobile",
    "+": "not_mobile",
    "": "not_mobile",
}
EMAILS = {
    "ｗａｎｇ@example.cn": "wang@example.cn",
    "zhao@example.cn\u200b": "zhao@example.cn",
    "mailto:li@example.cn": "li@example.cn",
    " <Li＠Example。CN>\u3000": "li@example.cn",
    "\u202ali@example.cn\u202c": "li@example.cn",
    "'li@example.cn": "li@example.cn",
    "mailto:li@example.cn?subject=hello": "li@example.cn",
    "用户@例子.中国": "用户@例子.中国",
}
NO_EMAILS = [
    "(li@example.cn)",
    "邮箱：li@example.cn",
    "http://li@example.cn",
    "li@example.cn?subject=hello",
    "l***@example.cn",
    "li@example..cn",
    "li@-example.cn",
    "li@[10.0.0.1]",
    "li@10.0.0.10",
    "li@example.c",
    "li@example.cn/wang@example.cn",
]
NO_ID_NUMBERS = ["ID 11010119900307002X", "CN11010119900307002X", "11010119900307", "11010119900307002X1"]
ID_NUMBERS = {
    "11010119900307002Ｘ": "11010119900307002X",
    "11010119900307002х": "11010119900307002X",  # noqa: RUF001  # Cyrillic
    "11010119900307002×": "11010119900307002X",  # noqa: RUF001  # a sign of multiplication
    "110101‑19900307‑002x": "11010119900307002X",  # noqa: RUF001  # hyphens that do not break
    "A123456（7）": "A123456(7)",
    "\u200ea123456(7)": "A123456(7)",
}
ALL = [
    *(("mobile", text, normal) for text, normal in MOBILES.items()),
    *(("email", text, normal) for text, normal in EMAILS.items()),
    *(("id_number", text, normal) for text, normal in ID_NUMBERS.items()),
]


@pytest.mark.parametrize(("field", "written", "normal"), ALL)
def test_a_value_has_one_form(field, written, normal):
    form = getattr(normal_forms, field)
    assert form(written) == form(form(written)) == normal


@pytest.mark.parametrize("written", NO_EMAILS)
def test_what_is_more_or_less_than_an_address_is_rejected(written):
    with pytest.raises(RowRejected) as caught:
        normal_forms.email(written)
    assert caught.value.reason.code == "not_email"


@pytest.mark.parametrize("written", NO_ID_NUMBERS)
def test_a_damaged_chinese_id_number_is_no_other_document(written):
    with pytest.raises(RowRejected) as caught:
        normal_forms.id_number(written)
    assert caught.value.reason.code == "not_id_number"


@pytest.mark.parametrize(("written", "code"), NO_MOBILES.items())
def test_a_damaged_chinese_mobile_is_no_foreign_one(written, code):
    with pytest.raises(RowRejected) as caught:
        normal_forms.mobile(written)
    assert caught.value.reason.code == code


@pytest.mark.parametrize("written", ["110101199003070000", "1.10101E+17"])
def test_a_rounded_id_number_is_told(written):
    with pytest.raises(RowRejected, match="rounded by a spreadsheet"):
        normal_forms.id_number(written)


@given(st.text(alphabet="0123456789+-(). 86138xX", max_size=20))
@examples(200)
def test_what_is_taken_is_a_chinese_mobile_or_no_beginning_of_one(text):
    try:
        number = normal_forms.mobile(text)
    except RowRejected:
        return
    assert normal_forms.mobile(number) == number
    if len(number) != 11 or number[0] != "1":
        assert number[0] == "+" or number[0] not in "01"
        assert not number.startswith("+86")


@pytest.mark.django_db
def test_a_value_is_found_by_the_text_that_the_file_had(tmp_path):
    lines = [f'U{n},{",".join(text if field == name else "" for name in ("mobile", "email", "id_number"))}'
             for n, (field, text, _) in enumerate(ALL)]  # fmt: skip
    result = take(tmp_path, "members", "member_id,mobile,email,id_number\n" + "\n".join(lines) + "\n")
    assert result.rejected == 0
    service = staff_of(Role.CUSTOMER_SERVICE)
    for n, (field, text, normal) in enumerate(ALL):
        member = Member.objects.get(identities__value=f"U{n}")
        assert decrypt(field, getattr(member, field)) == normal
        for asked in (text, normal):
            assert member.id in search_members(asked, service, granted=True), (asked, normal)
