"""Amounts that are stored one by one and overflow together."""

from __future__ import annotations

from datetime import datetime

from django.db import connection


def too_much(member_id: int, at: datetime) -> None:
    """Ten thousand buys at an instant, whose sum no column of money can hold; their ids begin with huge."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO portfolio_transaction (member_id, id, at, kind, amount) "
            "SELECT %s, 'huge ' || n, %s, 'buy', 99999999999999.99 FROM generate_series(1, 10001) AS n",
            [member_id, at],
        )
