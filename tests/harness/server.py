"""The server that the tests use, as another process reaches it."""

from __future__ import annotations

from urllib.parse import quote

from django.db import connection

from tests.harness.environment import WORKER

# Roles belong to the server, which other processes of the run use too.
NEWCOMER = f"newcomer_{WORKER or 'alone'}"


def database_url() -> str:
    """The URL of the test database, with the sign-in of the tables' owner."""
    values = connection.settings_dict
    password = f":{quote(values['PASSWORD'], safe='')}" if values["PASSWORD"] else ""
    port = f":{values['PORT']}" if values["PORT"] else ""
    return f"postgresql://{values['USER']}{password}@{quote(values['HOST'], safe='')}{port}/{values['NAME']}"
