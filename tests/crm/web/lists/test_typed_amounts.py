from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.web.lists.typed_amounts import parse_typed_amount
from tests.harness.examples import examples


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("20万", 200_000),
        ("20 万", 200_000),
        ("２０万", 200_000),
        ("1.5亿", 150_000_000),
        ("1亿2000万", 120_000_000),
        ("3千万", 30_000_000),
        ("2百万元", 2_000_000),
        ("1.2万亿", 1_200_000_000_000),
        ("20w", 200_000),
        ("200k", 200_000),
        ("200K", 200_000),
        ("3m", 3_000_000),
        ("1.5bn", 1_500_000_000),
        ("¥1,234.50", Decimal("1234.50")),
        ("￥20万", 200_000),
        ("500元", 500),
        ("1,000,000", 1_000_000),
        ("1，000", 1_000),
        ("0", 0),
        (".5", Decimal("0.5")),
    ],
)
def test_amounts_are_read_as_typed(typed, amount):
    assert parse_typed_amount(typed) == amount


@pytest.mark.parametrize(
    "typed",
    ["", " ", "-1", "1,5", "1,0000", "20万万", "2000万1亿", "3x", "万", "1e5", "nan", "∞", "1 2", "二十万",
     "٢٠",
        "5²", "10" * 15, "1" * 41, "1\0"],
)  # fmt: skip
def test_what_is_no_amount_is_refused(typed):
    with pytest.raises(ValueError, match=r""):
        parse_typed_amount(typed)


@examples(50)
@given(
    st.decimals(0, 10**9, places=2),
    st.sampled_from([("万", 10**4), ("亿", 10**8), ("k", 1000), ("m", 10**6)]),
)
def test_a_unit_multiplies(value, unit):
    word, factor = unit
    assert parse_typed_amount(f"{value:,}{word}") == value * factor


@examples(100)
@given(st.text(max_size=50))
def test_any_text_is_an_amount_or_a_value_error(text):
    try:
        assert parse_typed_amount(text) >= 0
    except ValueError:
        return
