"""What may name a person is told from what is ordinary in a file, however it is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.staff.privacy.personal import holds_personal_number, looks_personal, shape

PERSONAL = [
    "13812345678",
    "138-1234-5678",
    "+86 138 1234 5678",
    "１３８１２３４５６７８",
    "١٣٨١٢٣٤٥٦٧٨",
    "138\u200b12345678",
    "call 13812345678 please",
    "021-62345678",
    "110105194912310021",
    "11010519491231002x",
    "110105491231002",
    "6222 0202 0011 2233 445",
    "zhang@example.com",
    "zhang＠example.com",
    "张三",
    "张三丰 1381",
    "欧阳修",
    "登记人：王小明",
    "建国路88号",
    "A123456(7)",
]


@pytest.mark.parametrize("text", PERSONAL)
def test_what_names_a_person_is_found(text):
    assert looks_personal(text)


@pytest.mark.parametrize(
    "text", ["app", "登录", "注册", "2026-05-01", "20260501", "R2", "spring_618", "VIP 3", ""]
)
def test_ordinary_words_are_left(text):
    assert not looks_personal(text)


@pytest.mark.parametrize("text", ["黄金ETF", "余额宝", "稳健1号", "安心盈 90天"])
def test_a_products_name_is_no_persons_where_files_are_not_about_people(text):
    assert not looks_personal(text, names=False)


@given(
    st.integers(3, 9),
    st.integers(0, 10**9 - 1),
    st.text("Uu_.:/#", max_size=3),
    st.sampled_from(["", "x-", "1-"]),
)
def test_a_mobile_is_found_in_an_id(second, rest, before, between):
    assert holds_personal_number(f"{before}{between}1{second}{rest:09d}")


@pytest.mark.parametrize("text", ["138.1234.5678", "M/138/1234/5678", "1.3812345678E10", "138_1234_5678"])
def test_a_mobile_is_found_whatever_stands_between_its_digits(text):
    assert holds_personal_number(text)


@pytest.mark.parametrize("text", ["2026/01/05", "2026.01.05-77", "10.0.0.1", "A-2026-000138", "1.38"])
def test_an_ordinary_number_in_parts_is_left(text):
    assert not holds_personal_number(text)


def test_a_shape_says_no_sign_of_the_value():
    assert shape("张三 １381@a") == "文文 9999@a"
