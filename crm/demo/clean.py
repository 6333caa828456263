"""Empty a demonstration's database. Only ever called where the mark of a demonstration stands."""

from __future__ import annotations

from django.apps import apps
from django.db import connection, transaction

from crm.demo.models import DemoWorld
from crm.runtime.models import CalendarDay
from members.lifecycle.models import Policy

KEPT = (CalendarDay, DemoWorld, Policy)


class NotOurs(RuntimeError):
    """The database holds members that no demonstration put there, or its owner is somebody else."""


def empty() -> None:
    """Empty every table of the product but the calendar and the first policy. Raises NotOurs.

    TRUNCATE is the owner's right, so the role that owns nothing is laid down for the moment.
    """
    if not DemoWorld.objects.exists():
        raise NotOurs("This database has no demonstration in it; nothing was touched.")
    tables = [
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith(("crm.", "members.", "campaigns.")) and model not in KEPT
    ]
    names = ", ".join(connection.ops.quote_name(table) for table in tables)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_user)")
        (role,) = cursor.fetchone()
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
        cursor.execute("DELETE FROM lifecycle_policy WHERE version > 1")
        cursor.execute(f"SET LOCAL ROLE {role}")
