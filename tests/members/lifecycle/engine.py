"""The engine of restaging asked for answers at any instant; stores nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction

from crm.runtime.clock import day_of
from members.lifecycle.evaluation.answer import Answer
from members.lifecycle.evaluation.evaluate import evaluate_pairs, prepare_temp_tables
from members.lifecycle.policy_versions import policy_at


def answers(*, at: datetime, member_ids: Iterable[int]) -> dict[int, Answer]:
    """The answers of these members at one instant, by member; unknown ids are left out."""
    with transaction.atomic(), connection.cursor() as cursor:
        prepare_temp_tables()
        cursor.execute(
            "INSERT INTO _pair SELECT id, %s, %s, %s FROM unnest(%s::bigint[]) AS given (id)",
            [at, day_of(at), policy_at(at).version, sorted(set(member_ids))],
        )
        evaluate_pairs()
        cursor.execute("SELECT * FROM _answer ORDER BY member_id")
        return {row[0]: Answer(*row) for row in cursor.fetchall()}
