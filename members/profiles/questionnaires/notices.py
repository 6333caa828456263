"""Announce assessments that end within 30 and within 7 days, in the change queue, each once."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from crm.runtime.clock import day_of
from crm.runtime.sql_files import sql_beside
from members.profiles.operator_role import Feature, may_offer

JOB = "announce ending assessments"
EXPIRING = "questionnaire.expiring"  # with {"days": 30 or 7, "ends_on": day}
_ANNOUNCE = sql_beside(__file__)("announce")


def announce(now: datetime) -> int:
    """Write what is due and was not written before; returns how many rows. Late or twice harms nothing.

    Reads those whose assessment ends within 30 days, by index, whatever the number of members. One found with
    less than 7 days left is announced once, with 7. Nothing where the operator may not offer questionnaires.
    """
    if not may_offer(Feature.RISK_QUESTIONNAIRE):
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_ANNOUNCE, {"today": day_of(now), "now": now, "kind": EXPIRING})
        return int(cursor.rowcount)
