"""How many members wait to be restaged, and policies to be tried."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.utils.translation import gettext_lazy as _

from crm.runtime.clock import day_of
from crm.web.jobs import queues

_SQL = """
SELECT
    (SELECT count(*) FROM (
        SELECT FROM lifecycle_dirty WHERE since <= %(now)s OR since_day <= %(today)s LIMIT %(most)s
    ) AS changed),
    (SELECT count(*) FROM (SELECT FROM lifecycle_standing WHERE due_at <= %(now)s LIMIT %(most)s) AS due),
    (SELECT count(*) FROM lifecycle_policytrial WHERE state = 'waiting')
"""


def measure(now: datetime) -> list[queues.Depth]:
    """Marks of what changed, and members whose stage time alone may change, policies to try; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"now": now, "today": day_of(now), "most": queues.COUNTED + 1})
        changed, due, trials = cursor.fetchone()
    return [
        queues.Depth(_("changed members"), changed),
        queues.Depth(_("members due"), due),
        queues.Depth(_("policy previews"), trials),
    ]


def register() -> None:
    """Let the jobs page tell it."""
    queues.register("restage", measure)
