import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.staff.names.surnames import COMPOUND
from crm.staff.privacy.masking import KINDS, mask


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("name", "张三丰", "张*"),
        ("name", "张", "*"),
        ("name", "上官燕雪", "上官*"),
        ("name", " 欧阳修", "欧阳*"),
        ("name", "歐陽詢", "歐陽*"),
        ("name", "诸葛", "诸*"),
        ("name", "梁丘林", "梁*"),
        ("name", "John Smith", "J*"),
        ("mobile", "13812341234", "138****1234"),
        ("mobile", "+86 138-1234-1234", "138****1234"),
        ("mobile", "91234567", "****67"),
        ("mobile", "1234567", "****"),
        ("mobile", "not a number", "****"),
        ("id_number", "110101199003071234", "****123*"),
        ("id_number", "11010119900307123X", "****123*"),
        ("id_number", "110101900307123", "****123"),
        ("id_number", "E12345678", "****78"),
        ("id_number", "1234", "****"),
        ("email", "abc@163.com", "a***@163.com"),
        ("email", "a@example.cn", "***@example.cn"),
        ("email", "no address", "***"),
        ("email", "a@b@example.com", "***"),
        ("email", "张三@13812341234", "***"),
        ("address", "上海市浦东新区世纪大道100号", "上海市浦东新区***"),
        ("address", "广东省深圳市南山区科技园1号", "广东省深圳市南山区***"),
        ("address", "浙江杭州西湖区文三路1号", "浙江杭州西湖区***"),
        (
            "address",
            "新疆维吾尔自治区伊犁哈萨克自治州伊宁市解放路",
            "新疆维吾尔自治区伊犁哈萨克自治州伊宁市***",
        ),
        ("address", "北京市阳光小区3号", "北京市***"),
        ("address", "苏州市工业园区星湖街", "苏州市***"),
        ("address", "10 Downing Street", "***"),
        ("birth_date", "1987-03-02", "1987"),
        ("birth_date", "02/03/1987", "****"),
        ("text", "anything at all", "***"),
    ],
)
def test_a_mask_shows_only_what_its_kind_allows(kind, value, shown):
    assert mask(kind, value) == shown


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_nothing_has_nothing_to_mask(kind):
    assert mask(kind, "") == mask(kind, "  \t") == ""


def test_an_unknown_kind_is_refused():
    with pytest.raises(KeyError):
        mask("iris", "brown")


DIGITS = st.text("0123456789", min_size=1, max_size=30)
LIKELY = st.text("0123456789 +-@.省市区县路张三欧阳abX", min_size=1, max_size=40)
ANYTHING = st.one_of(st.text(min_size=1, max_size=200), LIKELY, DIGITS)


def _stars_aside(shown: str) -> str:
    return shown.replace("*", "")


@given(ANYTHING)
def test_a_name_keeps_at_most_one_character_or_a_known_family_name_and_never_all(value):
    shown = _stars_aside(mask("name", value))
    assert len(shown) <= 1 or (shown in COMPOUND and len(value.strip()) > 2)
    if len(value.strip()) == 1:
        assert mask("name", value) == "*"


@given(ANYTHING)
def test_a_mobile_keeps_seven_digits_of_eleven_or_two_of_eight(value):
    shown = _stars_aside(mask("mobile", value))
    digits = len(re.sub(r"[^0-9]", "", value))
    assert re.fullmatch(r"[0-9]*", shown)
    assert len(shown) <= (7 if digits >= 11 else 2 if digits >= 8 else 0)


@given(ANYTHING)
def test_an_id_number_keeps_three_of_twelve_or_two_of_eight_and_no_check_digit(value):
    shown = _stars_aside(mask("id_number", value))
    signs = re.sub(r"[^0-9A-Za-z]", "", value)
    assert signs[: 17 if len(signs) == 18 else None].endswith(shown)
    assert len(shown) <= (3 if len(signs) >= 12 else 2 if len(signs) >= 8 else 0)


@given(st.one_of(ANYTHING, st.emails()))
def test_an_email_keeps_one_character_of_the_name_before_the_domain(value):
    shown = mask("email", value)
    head, _, domain = shown.rpartition("***")
    assert len(head) <= 1
    local = value.strip().rpartition("@")[0]
    assert not head or (len(local) > 1 and local.startswith(head))
    assert not domain or value.strip().endswith(domain)


@given(ANYTHING)
def test_an_address_keeps_no_digit_and_ends_at_a_division(value):
    shown = mask("address", value).removesuffix("***")
    assert value.strip().startswith(shown)
    assert not re.search(r"[0-9a-zA-Z@]", shown)
    assert len(shown) <= 35


@given(ANYTHING)
def test_a_birth_date_keeps_the_year_and_a_text_nothing(value):
    assert re.fullmatch(r"[0-9]{0,4}\**", mask("birth_date", value))
    assert _stars_aside(mask("text", value)) == ""
