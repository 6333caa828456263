"""What the role that owns nothing may do: read and write rows, never the schema, never TRUNCATE.

A model says in `withheld` which of UPDATE and DELETE the role does not get (append-only tables).
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connections

from crm.runtime.database.embedded import APP_ROLE


def grant(using: str = "default", **_: Any) -> None:
    """Give the application's role its rights on every table; run after each migrate, by the owner."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP_ROLE])
        is_new = cursor.fetchone() is None
        if is_new:
            cursor.execute(f'CREATE ROLE "{APP_ROLE}" NOLOGIN')
        cursor.execute("SELECT pg_has_role(CURRENT_USER, %s, 'MEMBER')", [APP_ROLE])
        if is_new or not cursor.fetchone()[0]:  # a role given beforehand need not be ours to grant
            cursor.execute(f"GRANT {APP_ROLE} TO CURRENT_USER")
        for right in (
            f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP_ROLE}",
            f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE}",
            f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {APP_ROLE}",
        ):
            cursor.execute(right)
        existing = set(connections[using].introspection.table_names(cursor))
        for model in apps.get_models():
            withheld = getattr(model, "withheld", ())
            if withheld and model._meta.db_table in existing:
                cursor.execute(f'REVOKE {", ".join(withheld)} ON "{model._meta.db_table}" FROM {APP_ROLE}')
