"""What the answer was, is or would be for given members at any instant; stores nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import connection, transaction

from crm.runtime.clock import day_of
from members.lifecycle.evaluate import evaluate_pairs, policy_at, prepare_tables


@dataclass(frozen=True)
class Answer:
    """One member's answer with the facts it rests on; amounts in platform currency, instants aware."""

    member_id: int
    at: datetime
    day: date
    policy_version: int
    stage: str | None
    sub_state: str | None
    rules: int
    warnings: int
    due_at: datetime | None
    aum_low: Decimal | None
    aum_high: Decimal | None
    aum: Decimal
    aum_on: date | None
    first_invested_at: datetime | None
    last_trade_at: datetime | None
    last_login_at: datetime | None
    peak_aum: Decimal
    steady_since: date | None
    closing_at: datetime | None
    complaint_at: datetime | None
    known_at: datetime
    registered_at: datetime | None
    active_on: date | None


def answers(*, at: datetime, member_ids: Iterable[int]) -> dict[int, Answer]:
    """The answers of these members at one instant, by member; unknown ids are left out."""
    with transaction.atomic(), connection.cursor() as cursor:
        prepare_tables()
        cursor.execute(
            "INSERT INTO _pair SELECT id, %s, %s, %s FROM unnest(%s::bigint[]) AS given (id)",
            [at, day_of(at), policy_at(at).version, sorted(set(member_ids))],
        )
        evaluate_pairs()
        cursor.execute("SELECT * FROM _answer ORDER BY member_id")
        return {row[0]: Answer(*row) for row in cursor.fetchall()}
