"""Databases of the tests: a migrated template for all runs, of which each process takes copies in no time.

Tests connect as the role that owns nothing, like the product; the owner makes and empties the databases.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from crm.runtime.database import embedded
from tests.harness.environment import WORKER

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("crm", "members", "campaigns")
TEMPLATE = "test_perennial_template"
HOME = connection.settings_dict["NAME"]  # no database of the tests: from there they are made
# Roles belong to the server, which other processes of the run use too.
NEWCOMER = f"newcomer_{WORKER or 'alone'}"
_LOCK = 7_461_002  # of who makes a template; others wait


def name_of(purpose: str = "") -> str:
    """What a database of this process is called."""
    return "_".join(filter(None, ("test_perennial", WORKER, purpose)))


def database_url() -> str:
    """The URL of the test database, with the sign-in of the tables' owner."""
    values = connection.settings_dict
    password = f":{quote(values['PASSWORD'], safe='')}" if values["PASSWORD"] else ""
    port = f":{values['PORT']}" if values["PORT"] else ""
    return f"postgresql://{values['USER']}{password}@{quote(values['HOST'], safe='')}{port}/{values['NAME']}"


@contextmanager
def copied(name: str, template: str) -> Iterator[str]:
    """A database of this name for the time being, the same as `template`, which nobody may be using."""
    with _server() as server:
        _drop(server, name)
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )
    try:
        yield name
    finally:
        with _server() as server:
            _drop(server, name)


def in_use(name: str) -> Any:
    """A context in which this process connects to the database of this name."""
    return _connecting(NAME=name)


def as_owner() -> Any:
    """A context in which this process connects as who signs in, the owner of the tables."""
    options = connection.settings_dict["OPTIONS"]
    own = options["options"].partition(" -c role=")[0]
    return _connecting(OPTIONS=options | {"options": own})


def connected_as_owner() -> psycopg.Connection:
    """A connection of the owner to the database in use, beside that of this process."""
    return psycopg.connect(**connection.get_connection_params() | {"options": ""}, autocommit=True)


def on_own_server(folder: Path) -> Any:
    """A context in which this process connects to a server that nobody else uses, with its data in `folder`.

    There no transaction of another process holds back what waits for all of them to be over.
    """
    return _connecting(**embedded.start(folder, HOME, disposable=True))


@contextmanager
def _connecting(**differently: Any) -> Iterator[None]:
    values = connection.settings_dict
    before = {name: values[name] for name in differently}
    connection.close()
    values.update(differently)
    try:
        yield
    finally:
        connection.close()
        values.update(before)


def migrated() -> str:
    """The name of the template, made by who owns it.

    It is made anew when a migration, a statement or a library has changed, and brought up to date (rights,
    content types, what follows each migration) when anything else in the product has.
    """
    state = f"{_hash(_shapes())} {_hash(_sources())}"
    with _server() as server:
        server.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        known = _state_of(server, TEMPLATE)
        if known == state:
            return TEMPLATE
        if known.split()[:1] != state.split()[:1]:
            _drop(server, TEMPLATE)
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
        with as_owner(), in_use(TEMPLATE):
            call_command("migrate", verbosity=0, interactive=False)
        _note_state(server, TEMPLATE, state)
    return TEMPLATE


def furnished(name: str, also: list[Path], furnish: Callable[[], None]) -> str:
    """The name of a template with rows in it, written by `furnish` in the first process that wants it.

    They are written anew when the product has changed, or a file of `also`, which says what they are.
    """
    state = _hash([*_sources(), *also])
    migrated()
    with _server() as server:
        server.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        if _state_of(server, name) != state:
            _drop(server, name)
            server.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(TEMPLATE)
                )
            )
            with in_use(name):
                furnish()
            _note_state(server, name, state)
    return name


@contextmanager
def _server() -> Iterator[psycopg.Connection]:
    """A connection of the owner, in no database of the tests."""
    parameters = connection.get_connection_params() | {"dbname": HOME, "options": ""}
    with psycopg.connect(**parameters, autocommit=True) as server:
        yield server


def _drop(server: psycopg.Connection, name: str) -> None:
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _state_of(server: psycopg.Connection, name: str) -> str:
    """As it was noted when it was made; "" without one, or where its making was broken off."""
    row = server.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
    ).fetchone()
    return (row and row[0]) or ""


def _note_state(server: psycopg.Connection, name: str, state: str) -> None:
    server.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(state)))


def _shapes() -> list[Path]:
    """What the schema is made of: migrations, statements in files, libraries with theirs."""
    return [path for path in _sources() if path.suffix != ".py" or "migrations" in path.parts]


def _sources() -> list[Path]:
    found = [path for folder in PRODUCT for path in (ROOT / folder).rglob("*.*")]
    return sorted([path for path in found if path.suffix in {".py", ".sql"}] + [ROOT / "requirements.txt"])


def _hash(files: list[Path]) -> str:
    digest = hashlib.blake2b(digest_size=8)
    for path in files:
        content = path.read_bytes()
        digest.update(f"{path.relative_to(ROOT)} {len(content)} ".encode() + content)
    return digest.hexdigest()
