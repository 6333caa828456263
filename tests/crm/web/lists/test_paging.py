from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.web.lists.keyset import Order
from crm.web.lists.paging import page_of
from crm.web.lists.tokens import parse_amount, parse_instant, parse_integer, read_token, write_token
from crm.web.responses import BadQuery
from members.lifecycle.models import Standing
from tests.crm.cast import NOW, member

BY_AUM = Order("aum", parse_amount, key="member_id", nulls=False)
BY_SINCE = Order("since", parse_instant, key="member_id")


def walk(order: Order, size: int) -> list[int]:
    """All rows, page by page."""
    seen, after = [], ""
    while True:
        page = page_of(Standing.objects.all(), order, after, size)
        seen += [row.member_id for row in page.rows]
        if not page.next:
            return seen
        after = page.next


@pytest.mark.parametrize("size", [1, 2, 3, 7, 20])
@pytest.mark.parametrize("descending", [True, False])
def test_pages_hold_every_row_once_in_order_whatever_the_ties(world, size, descending):
    rows = [(member(aum=Decimal(value)).id, value) for value in (5, 5, 5, 1, 9, 9, 3, 5)]
    order = Order("aum", parse_amount, descending=descending, key="member_id", nulls=False)
    expected = sorted(rows, key=lambda row: (-row[1] if descending else row[1], row[0]))
    assert walk(order, size) == [member_id for member_id, _ in expected]


@pytest.mark.parametrize("size", [1, 2, 3, 4, 20])
def test_rows_without_a_value_come_last(world, size):
    empty = [member(since=None).id for _ in range(3)]
    dated = [member(since=NOW - timedelta(days=days)).id for days in (3, 1, 2)]
    assert walk(BY_SINCE, size) == [dated[1], dated[2], dated[0], *empty]


def test_a_page_is_one_query_while_rows_have_values(world):
    for days in range(5):
        member(since=NOW - timedelta(days=days))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page_of(Standing.objects.all(), BY_SINCE, "", 3)
    assert len(queries) == 1


@pytest.mark.parametrize(
    "token",
    ["x", "!", "é", "W10", "bnVsbA", "A" * 500, write_token(1), write_token("a", "b"),
     write_token(None, None), write_token(1, None), write_token("NaN", 1), write_token("1e999999", 1),
     write_token(5, 2**70), write_token("5", "1\0"), write_token(5, 1, 2)],
)  # fmt: skip
def test_a_damaged_token_is_refused_in_words(world, token):
    with pytest.raises(BadQuery, match="not valid"):
        page_of(Standing.objects.all(), BY_AUM, token)


def test_a_token_gives_its_values_back():
    assert read_token(write_token(Decimal("12.30"), 7), parse_amount, parse_integer) == [Decimal("12.30"), 7]
    assert read_token(write_token(NOW, None), parse_instant, parse_integer) == [NOW, None]
