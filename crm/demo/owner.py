"""What only the owner of the tables may do: empty a demonstration's database, gather statistics.

The role that owns nothing is laid down for the moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from crm.demo.models import DemoWorld
from crm.runtime.models import CalendarDay
from members.lifecycle.models import Policy

KEPT = (CalendarDay, DemoWorld, Policy)
# Tables whose triggers refuse a TRUNCATE (32 in tgtype), whoever asks.
_KEPT_FROM_TRUNCATE = """
SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgtype & 32 <> 0 AND NOT tgisinternal ORDER BY 1
"""


class NotOurs(RuntimeError):
    """The database holds members that no demonstration put there, or its owner is somebody else."""


def empty() -> None:
    """Empty every table of the product but the calendar and the first policy. Raises NotOurs."""
    if not DemoWorld.objects.exists():
        raise NotOurs("This database contains no demonstration. Nothing was changed.")
    tables = [
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith(("crm.", "members.", "campaigns.")) and model not in KEPT
    ]
    names = ", ".join(connection.ops.quote_name(table) for table in tables)
    with transaction.atomic(), _as_owner() as cursor:
        cursor.execute(_KEPT_FROM_TRUNCATE)
        guarded = [row[0] for row in cursor.fetchall()]
        for table in guarded:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
        cursor.execute("DELETE FROM lifecycle_policy WHERE version > 1")
        for table in guarded:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def analyze() -> None:
    """Let the planner know what came in; on its own it would notice a minute later."""
    with transaction.atomic(), _as_owner() as cursor:
        cursor.execute("ANALYZE")


@contextmanager
def _as_owner() -> Iterator[Any]:
    """A cursor of the tables' owner; afterwards the connection's role is what it was."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_user)")
        (role,) = cursor.fetchone()
        cursor.execute("SET LOCAL ROLE NONE")
        yield cursor
        cursor.execute(f"SET LOCAL ROLE {role}")
