"""A benchmark that measures nothing: it says where and as whom it ran, and writes where it should not."""

from __future__ import annotations

import subprocess
from typing import Any

from django.db import connection


def run(members: int, as_json: bool) -> dict[str, Any]:
    print("some words")
    subprocess.run(["echo", "a child's words"], check=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), current_user, count(*) FROM runtime_jobrun")
        database, role, rows = cursor.fetchone()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO runtime_change (at, kind, payload) VALUES (now(), 'left behind', '{}');"
            "SELECT count(*) FROM runtime_change"
        )
        cursor.nextset()
        left = cursor.fetchone()[0]
    return {
        "members": members,
        "json": as_json,
        "database": database,
        "role": role,
        "rows": rows,
        "left": left,
    }
