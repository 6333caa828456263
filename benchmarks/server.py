"""What tests and benchmarks need of a server of somebody else, which the product itself does not."""

from __future__ import annotations

import psycopg

from crm.runtime.database.server_checks import too_old

# Data are made with triggers off; a checkpoint before a measurement keeps it from falling into one.
_RIGHTS = """
SELECT quote_ident(user), rolcreatedb OR rolsuper,
    has_parameter_privilege('session_replication_role', 'SET'), pg_has_role('pg_checkpoint', 'USAGE')
FROM pg_roles WHERE rolname = user
"""


def lacking(url: str, *, checkpoints: bool) -> str:
    """What an administrator of the server has to run first, in a sentence; "" where nothing lacks."""
    try:
        with psycopg.connect(url) as connection:
            if errors := too_old(connection.info.server_version):
                return str(errors[0].msg)
            user, makes_databases, may_set, may_checkpoint = connection.execute(_RIGHTS).fetchone() or ()
    except psycopg.OperationalError as error:
        return f"No database: {error}"
    run = []
    if not makes_databases:
        run.append(f"ALTER ROLE {user} CREATEDB;")
    if not may_set:
        run.append(f"GRANT SET ON PARAMETER session_replication_role TO {user};")
    if checkpoints and not may_checkpoint:
        run.append(f"GRANT pg_checkpoint TO {user};")
    return f"First let an administrator of the server run: {' '.join(run)}" if run else ""
