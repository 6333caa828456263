"""Triggers on the tables of all activities: a change of a fact marks its member where a rule reads it.

They are written after each migrate, from the catalogue: an activity of a new app needs nothing else.
"""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.db.backends.utils import CursorWrapper

from members.loyalty.points.earning.facts import instant
from members.rules.catalogue.activities import activities

LEDGER = "loyalty_pointsentry"  # no rule gives points for points
_EVENTS = {"INSERT": "NEW TABLE AS new_rows", "DELETE": "OLD TABLE AS old_rows"}
_EVENTS["UPDATE"] = f"{_EVENTS['DELETE']} {_EVENTS['INSERT']}"
_BODY = """
BEGIN
    IF NOT EXISTS (SELECT FROM loyalty_earnread WHERE table_name = '{table}') THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN
        INSERT INTO loyalty_earnmark (member_id, source, since)
        SELECT a.member_id, '{table}', min({at}) FROM new_rows a GROUP BY a.member_id;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO loyalty_earnmark (member_id, source, since)
        SELECT a.member_id, '{table}', min({at}) FROM old_rows a GROUP BY a.member_id;
    ELSE
        INSERT INTO loyalty_earnmark (member_id, source, since)
        SELECT changed.member_id, '{table}', min(changed.at) FROM (
            (SELECT a.member_id, {at} AS at, a::text FROM old_rows a
             EXCEPT SELECT a.member_id, {at}, a::text FROM new_rows a)
            UNION ALL
            (SELECT a.member_id, {at}, a::text FROM new_rows a
             EXCEPT SELECT a.member_id, {at}, a::text FROM old_rows a)
        ) changed GROUP BY changed.member_id;
    END IF;
    RETURN NULL;
END
"""
_EXISTS = "SELECT to_regclass('loyalty_earnread') IS NOT NULL, to_regclass(%s) IS NOT NULL"
_IS_WRITTEN = """
SELECT count(*) FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
WHERE t.tgrelid = %s::regclass AND p.proname = %s AND p.prosrc = %s
"""


def write_triggers(using: str = "default", **_: Any) -> None:
    """Bring the triggers up to the catalogue; those that are right already are left alone."""
    with connections[using].cursor() as cursor:
        for table in sorted({one.table for one in activities.values()} - {LEDGER}):
            cursor.execute(
                "SELECT to_regclass('loyalty_earnread') IS NOT NULL, to_regclass(%s) IS NOT NULL", [table]
            )
            if all(cursor.fetchone()):
                _write(cursor, table)


def _write(cursor: CursorWrapper, table: str) -> None:
    instants = sorted({instant(one) for one in activities.values() if one.table == table})
    body = _BODY.format(table=table, at=f"least({', '.join(instants)})" if len(instants) > 1 else instants[0])
    function = f"loyalty_earn_mark_{table}"[:63]
    cursor.execute(_IS_WRITTEN, [table, function, body])
    if cursor.fetchone()[0] == len(_EVENTS):
        return
    cursor.execute(
        f'CREATE OR REPLACE FUNCTION "{function}"() RETURNS trigger LANGUAGE plpgsql AS $mark${body}$mark$'
    )
    for event, rows in _EVENTS.items():
        cursor.execute(
            f'CREATE OR REPLACE TRIGGER loyalty_earn_{event.lower()} AFTER {event} ON "{table}" '
            f'REFERENCING {rows} FOR EACH STATEMENT EXECUTE FUNCTION "{function}"()'
        )
