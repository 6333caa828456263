"""What a server must give, asked before `migrate` changes anything: half a schema helps nobody.

Only commands that ask for checks of the database (`migrate`, `check --database default`) run this.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import Error, Tags, register
from django.db import OperationalError, ProgrammingError, connections
from psycopg.errors import UndefinedColumn, UndefinedTable

from crm.runtime.database.embedded import APP_ROLE

OLDEST = 15  # major version of PostgreSQL

# Up to 15 CREATEROLE includes giving away any role that is no superuser's; later only those one administers.
_RIGHTS = """
SELECT
    quote_ident(me.rolname),
    quote_ident(current_database()),
    app.oid IS NOT NULL,
    coalesce(pg_has_role(me.oid, app.oid, 'MEMBER'), me.rolcreaterole OR me.rolsuper)
        OR me.rolcreaterole AND current_setting('server_version_num')::int < 160000,
    me.rolname = %(app_role)s OR has_schema_privilege('public', 'CREATE')
FROM pg_roles AS me LEFT JOIN pg_roles AS app ON app.rolname = %(app_role)s
WHERE me.rolname = current_user
"""


@register(Tags.database)
def check_server(databases: Sequence[str] | None = None, **_: Any) -> list[Error]:
    """E010: too old. E011: no role to work as. E012: no right to make tables."""
    errors = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            errors += [*too_old(cursor.connection.info.server_version), *_rights(cursor)]
    return errors


def out_of_reach(error: OperationalError) -> str:
    """The server's own words where a connection was refused, with what to look at; "" for any other error."""
    words = str(error).strip()
    if not words.startswith(("connection failed", "connection timeout", "failed to resolve")):
        return ""
    if f'role "{APP_ROLE}"' in words:
        return f"{words}\nRun `manage.py migrate` first: it says what lacks."
    return f"{words}\nDoes the server run, does it let this machine in, and is DATABASE_URL right?"


def not_migrated(error: ProgrammingError) -> str:
    """What to do where a table or a column is not there; "" for any other error."""
    if not isinstance(error.__cause__, UndefinedTable | UndefinedColumn):
        return ""
    lacks = str(error).splitlines()[0]
    return f"The database is not what this version needs: {lacks}.\nRun `manage.py migrate` first."


def too_old(version: int) -> list[Error]:
    """`version` as PostgreSQL numbers it: 150018 is 15.18."""
    if version >= OLDEST * 10_000:
        return []
    found = f"{version // 10_000}.{version % 10_000}"
    words = f"PostgreSQL {found} is too old: Perennial needs PostgreSQL {OLDEST} or newer."
    return [Error(words, id="perennial.E010")]


def _rights(cursor: Any) -> list[Error]:
    """What the user that migrates lacks, with what an administrator of the server has to run."""
    cursor.execute(_RIGHTS, {"app_role": APP_ROLE})
    user, database, is_there, may_act, may_make_tables = cursor.fetchone()
    errors = []
    if not may_act:
        lacks = "is not given to" if is_there else "does not exist and cannot be made by"
        make = "" if is_there else f"CREATE ROLE {APP_ROLE} NOLOGIN; "
        words = f"The role {APP_ROLE} {lacks} {user}."
        errors.append(Error(words, hint=_run(f"{make}GRANT {APP_ROLE} TO {user};"), id="perennial.E011"))
    if not may_make_tables:
        words = f"{user} may not make tables in the schema public of {database}."
        give = _run(f"ALTER DATABASE {database} OWNER TO {user};")
        hint = f"Migrate with the owner's DATABASE_URL, or: {give}"
        errors.append(Error(words, hint=hint, id="perennial.E012"))
    return errors


def _run(sql: str) -> str:
    return f"Let an administrator of the server run: {sql}"
