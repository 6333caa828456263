"""How many members wait to be restaged."""

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
    (SELECT count(*) FROM (SELECT FROM lifecycle_standing WHERE due_at <= %(now)s LIMIT %(most)s) AS due)
"""


def measure(now: datetime) -> list[queues.Depth]:
    """Marks of what changed, and members whose stage time alone may change; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"now": now, "today": day_of(now), "most": queues.COUNTED + 1})
        changed, due = cursor.fetchone()
    return [
        queues.Depth(_("changed members"), changed),
        queues.Depth(_("members due"), due),
    ]


def register() -> None:
    """Let the jobs page tell it."""
    queues.register("restage", measure)
