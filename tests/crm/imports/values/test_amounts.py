"""Amounts as people's files have them: what can be read only one way is read, the rest is named."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from crm.imports.values import money
from crm.imports.values.texts import FUNCTIONS
from tests.crm.imports.files import first, row, take
from tests.harness.examples import examples

pytestmark = pytest.mark.django_db

READ = [
    ("1,234.00", "1234.00"),
    ("1,234,567", "1234567"),
    ("12,3456.78", "123456.78"),
    ("1 234.50", "1234.50"),
    ("1’234’567.50", "1234567.50"),
    ("¥28.16", "28.16"),
    ("￥ 28.16", "28.16"),
    ("28.16元", "28.16"),
    ("CNY 1,000.00", "1000.00"),
    ("RMB100", "100"),
    ("100 人民币元", "100"),
    ("人民币100元", "100"),
    ("１００．５０", "100.50"),
    ("+100", "100"),
    ("100-", "-100"),
    ("(100.00)", "-100.00"),
    ("（¥100）", "-100"),
    ("-¥100", "-100"),
    ("¥-100", "-100"),
    ("−100", "-100"),
    ("12,50", "12,50"),
    ("1.234,50", "1.234,50"),
    ("1,23,456", "1,23,456"),
    ("1,234 56", "1,234 56"),
    ("$28.16", "$28.16"),
    ("3万", "3万"),
    ("1e3", "1e3"),
    ("1_000", "1_000"),
    ("(-5)", "(-5)"),
    ("100²", "100²"),
    ("⑩", "⑩"),
    ("张三 13812345678", "张三 13812345678"),
]


def amount(text: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(FUNCTIONS)
        cursor.execute("SELECT pg_temp.imports_amount(%s, %s)", [text, money.pattern("CNY")])
        return str(cursor.fetchone()[0])


@pytest.mark.parametrize(("text", "usual"), READ)
def test_an_amount_is_read_as_it_is_meant(text, usual):
    assert amount(text) == usual


@examples(60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.decimals(0, 10**12, places=2), st.sampled_from(["{:,}", "¥{:,}", "{:,}元", "{}", "RMB {:,}"]))
def test_every_amount_with_separators_and_currency_is_that_amount(value, form):
    assert Decimal(amount(form.format(value))) == value


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("12,50", "a decimal comma is not accepted; write 12.50, not 12,50"),
        ("1.234,50", "a decimal comma is not accepted; write 12.50, not 12,50"),
        ("1,23,456", "thousands separators must separate groups of three digits"),
        ("$28.16", "another currency; the platform currency is CNY"),
        ("28.16美元", "another currency; the platform currency is CNY"),
        ("3万元", "written in 万 or 亿; enter the full amount"),
        ("100-", "must be greater than 0"),
        ("(100)", "must be greater than 0"),
    ],
)
def test_what_is_no_amount_is_named(tmp_path, text, why):
    take(tmp_path, "members", row("members"), name="members.csv")
    lines = f'transaction_id,member_id,at,kind,amount\nx,U1,2026-02-01,buy,"{text}"\n'
    assert first(take(tmp_path, "transactions", lines)) == (2, "amount", why)


@pytest.mark.parametrize("name", ["CNY", "cny", "RMB", "人民币", "￥", "元", "156"])
def test_the_platforms_currency_has_many_names(tmp_path, name):
    take(tmp_path, "members", row("members"), name="members.csv")
    assert take(tmp_path, "transactions", row("transactions", currency=name)).added == 1
