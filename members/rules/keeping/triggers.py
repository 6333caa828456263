"""Write the triggers that mark members, on every table that the catalogue names.

An app that keeps answers of rules has a Keeper: two tables of its own and triggers that fill them. They are
made after each migrate, from the catalogue: a new field, activity or app needs nothing else. Each looks first
whether any rule of the keeper reads its table, so that a write costs next to nothing where none does. A
change of a row that names no member (a product, say) may change any member: it marks with an empty member.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connections
from django.db.backends.utils import CursorWrapper

from crm.runtime.sql_files import sql_beside
from members.rules.keeping.tables import Table, tables

_sql = sql_beside(__file__)
_EVENTS = {"INSERT": "NEW TABLE AS new_rows", "DELETE": "OLD TABLE AS old_rows"}
_EVENTS["UPDATE"] = f"{_EVENTS['DELETE']} {_EVENTS['INSERT']}"
_COLUMNS = """
SELECT a.attname, a.atttypid = 'json'::regtype, coalesce(a.attnum = ANY(i.indkey), false)
FROM pg_attribute a LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
WHERE a.attrelid = to_regclass(%s) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""
_UNUSED = """
SELECT DISTINCT p.proname FROM pg_proc p WHERE p.proname ^@ %s AND p.proname <> ALL(%s)
"""


@dataclass(frozen=True)
class Keeper:
    """Who keeps answers of rules: triggers mark members in `<name>_dirty` for the tables in `<name>_read`.

    `<name>_read` has a column table_name; `<name>_dirty` has member_id (NULL: any member), source, at, day.
    """

    name: str

    @property
    def functions(self) -> str:
        """What the names of its trigger functions begin with."""
        return f"{self.name}_mark_"


def write_triggers(keeper: Keeper, using: str = "default") -> None:
    """Bring the triggers of all tables up to the catalogue; those that are right already are left alone."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f"{keeper.name}_read"])
        if not cursor.fetchone()[0]:  # migrated back to before the app
            return
        wanted = {f"{keeper.functions}{table.name}"[:63]: table for table in tables()}
        for function, table in wanted.items():
            if body := _body(cursor, keeper, table):
                _write(cursor, keeper, table.name, function, body)
        cursor.execute(_UNUSED, [keeper.functions, list(wanted)])
        for (function,) in cursor.fetchall():
            cursor.execute(f'DROP FUNCTION "{function}" CASCADE')


def _body(cursor: CursorWrapper, keeper: Keeper, table: Table) -> str:
    """The text of the table's trigger function; "" where the database has no such table."""
    cursor.execute(_COLUMNS, [table.name])
    columns = cursor.fetchall()
    if not columns:
        return ""
    names = [name for name, _is_json, _is_key in columns]
    key = table.key or ("member_id" if "member_id" in names else "")
    compared = {*table.reads(names), key} - {""}
    casts = {name: "::text" if is_json else "" for name, is_json, _is_key in columns}
    rows = [", ".join(f"{row}.{name}{casts[name]}" for name in names if name in compared) for row in "on"]
    same_row = ", ".join(name for name, _is_json, is_key in columns if is_key)
    return _sql("mark" if key else "mark_all").format(
        keeper=keeper.name,
        table=table.name,
        key=f"a.{key}",
        at=table.at,
        at_update=table.at_of_update or table.at,
        day=table.day,
        same_row=same_row,
        old=rows[0] or "1",
        new=rows[1] or "1",
    )


def _write(cursor: CursorWrapper, keeper: Keeper, table: str, function: str, body: str) -> None:
    cursor.execute(
        "SELECT count(*) FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
        " WHERE t.tgrelid = %s::regclass AND p.proname = %s AND p.prosrc = %s",
        [table, function, body],
    )
    if cursor.fetchone()[0] == len(_EVENTS):
        return
    cursor.execute(
        f'CREATE OR REPLACE FUNCTION "{function}"() RETURNS trigger LANGUAGE plpgsql AS $mark${body}$mark$'
    )
    for event, rows in _EVENTS.items():
        cursor.execute(
            f'CREATE OR REPLACE TRIGGER {keeper.name}_{event.lower()} AFTER {event} ON "{table}" '
            f'REFERENCING {rows} FOR EACH STATEMENT EXECUTE FUNCTION "{function}"()'
        )
