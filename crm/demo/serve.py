"""python -m crm.demo.serve (started by bin/demo): database, world, web server, worker, beat in one place."""

from __future__ import annotations

import argparse
import importlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from crm import environment
from crm.demo.servers.processes import Failed, Group, Stopped

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
PORT = 8000
ENDING = 2.0  # seconds after which a killed demonstration listens no more
WAIT = 60.0  # seconds for the web server to answer
# Requests are limited, by threads that each hold a database connection; connections are not: browsers keep
# several open and idle. A web process that dies is started again. The same stands in docs/operations.md.
WEB_LIMITS = ("--blocking-threads", "8", "--backpressure", "1024", "--respawn-failed-workers")


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit code: 0 served and stopped, 1 failed, 128 + the signal when stopped before."""
    options = _options(arguments)
    os.chdir(ROOT)
    if not options.no_serve and not _becomes_free(options.port):
        print(
            f"Port {options.port} is taken. Is the demonstration running already? "
            f"Another port: bin/demo --port {options.port + 1}",
            file=sys.stderr,
        )
        return 1
    os.environ["DJANGO_SETTINGS_MODULE"] = "crm.settings"
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    serving = False
    group = Group(ROOT, os.environ)
    try:
        with group:
            _prepare(group, options)
            if not options.no_serve:
                _start_servers(group, options.port)
                serving = True
                _tell(options.port)
                while True:
                    _keep_running(group)
                    time.sleep(0.5)
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    except Stopped as stopped:
        with suppress(OSError):  # the terminal may be closed
            print("\nStopped." if serving else "\nInterrupted. The next start repeats this step.", flush=True)
        return 0 if serving else 128 + stopped.number
    finally:
        _leave_database()
    print("Ready. bin/demo starts it.")
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bin/demo", description="Perennial with a world of members to look at."
    )
    parser.add_argument("--members", type=int, metavar="N", help="number of people (default 5,000)")
    parser.add_argument("--port", type=int, default=PORT, metavar="P", help=f"web port (default {PORT})")
    parser.add_argument("--reset", action="store_true", help="rebuild the world")
    parser.add_argument("--no-serve", action="store_true", help="build only, do not serve")
    options = parser.parse_args(arguments)
    if options.members is not None and options.members < 1:
        parser.error("--members: at least 1")
    if not 1 <= options.port <= 65_535:
        parser.error("--port: from 1 to 65535")
    return options


def _becomes_free(port: int) -> bool:
    """Whether nobody listens, or soon no longer: what a killed demonstration leaves is being ended."""
    until = time.monotonic() + ENDING
    while not (free := _is_free(port)) and time.monotonic() < until:
        time.sleep(0.1)
    return free


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _prepare(group: Group, options: argparse.Namespace) -> None:
    """Database, schema, static files, world. Only the schema is changed as its owner."""
    _say("Starting the database")
    os.environ["DATABASE_ROLE"] = "owner"
    if not os.environ.get("DATABASE_URL"):
        group.guard_database(environment.folder() / "postgres")
    with group.undisturbed():  # a database that is half started would be left behind
        settings = importlib.import_module("crm.settings")
    var: Path = settings.VAR_DIR
    group.folder = var / "log"
    for folder in ("queue", "queue-control", "log"):
        (var / folder).mkdir(parents=True, exist_ok=True)
    import django
    from django.core.management import CommandError, call_command
    from django.db import OperationalError

    from crm.runtime.database.server_checks import out_of_reach

    django.setup()
    _say("Updating the schema")
    try:
        call_command("migrate", verbosity=0, skip_checks=False)
    except CommandError as error:  # what the server lacks, and what to run there
        raise Failed(str(error)) from error
    except OperationalError as error:
        raise Failed(out_of_reach(error) or str(error)) from error
    call_command("collectstatic", interactive=False, verbosity=0)
    if options.reset or options.members or not _is_built():
        _say("Building the world of members")
        build = [sys.executable, str(ROOT / "manage.py"), "build_demo"]
        members = ["--members", str(options.members)] if options.members else []
        group.run("build_demo", [*build, *members, *(["--reset"] if options.reset else [])])


def _keep_running(group: Group) -> None:
    """Start again what was killed, the embedded database included. Raises Failed."""
    for name in group.check():
        _say(f"The {name} stopped and was restarted ({group.log(name)}).")
    settings = sys.modules["crm.settings"]
    folder = settings.VAR_DIR / "postgres"
    if os.environ.get("DATABASE_URL"):
        return
    from crm.runtime.database import embedded

    if not embedded.is_running(folder):
        _say("The database stopped. Restarting it.")
        with group.undisturbed():
            _restart_database(folder)


def _restart_database(folder: Path) -> None:
    """Its orphans may hold its memory for some seconds, or take its first start down. Raises Failed."""
    import psycopg

    from crm.runtime.database import embedded

    until = time.monotonic() + WAIT
    while True:
        try:
            embedded.start(folder, "perennial")
        except (subprocess.SubprocessError, psycopg.OperationalError) as error:
            if time.monotonic() > until:
                raise Failed(f"The database stopped and cannot be restarted ({folder / 'log'}).") from error
            time.sleep(0.5)
        else:
            return


def _is_built() -> bool:
    from django.db import connection

    from crm.demo.models import DemoWorld

    built = DemoWorld.objects.filter(finished_at__isnull=False).exists()
    connection.close()
    return built


def _start_servers(group: Group, port: int) -> None:
    """Web server, worker and clock; returns once the web server answers. Raises Failed."""
    _say("Starting the servers")
    group.environment["DATABASE_POOL"] = "1"
    python, celery = [sys.executable, "-m"], ["celery", "--app", "crm.celery"]
    web = ["granian", "--interface", "wsgi", "--host", HOST, "--port", str(port), "--workers", "2"]
    quiet = ["--log-level", "warning", "--workers-kill-timeout", "2", *WEB_LIMITS]
    group.keep("web server", [*python, *web, *quiet, "crm.wsgi:application"])
    group.environment["DATABASE_POOL"] = "0"  # a worker's processes hold one connection each
    worker = ["worker", "--concurrency", "2", "--without-gossip", "--without-mingle"]
    group.keep("worker", [*python, *celery, *worker, "--loglevel", "warning"])
    group.keep("beat", [*python, *celery, "beat", "--loglevel", "warning", "--pidfile="])
    until = time.monotonic() + WAIT
    while not _answers(port):
        group.check()
        if time.monotonic() > until:
            raise Failed(f"The web server does not answer; see {group.log('web server')}")
        time.sleep(0.1)


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection((HOST, port), timeout=1):
        return True
    return False


def _tell(port: int) -> None:
    """Address and sign-ins."""
    from django.utils.translation import override
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from crm.demo.staff import CAST, PASSWORD
    from crm.staff.models import Role

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("Role", "角色", "Sign-in names"):
        table.add_column(heading)
    for role in Role:
        names = ", ".join(person.username for person in CAST if person.role == role)
        with override("en"):
            english = str(role.label)
        with override("zh-hans"):
            table.add_row(english, str(role.label), names)
    console = Console(highlight=False)
    console.print(f"\nPerennial 长青   http://localhost:{port}/")
    console.print(table)
    console.print(f"The password of all of them: [bold]{PASSWORD}[/bold]   (for trying out only)")
    console.print("Ctrl-C stops everything; the data stay.")


def _leave_database() -> None:
    """Let the embedded database stop with us: a process that had to be killed no longer counts as a user."""
    settings = sys.modules.get("crm.settings")
    if settings is not None and not os.environ.get("DATABASE_URL"):
        from crm.runtime.database import embedded

        embedded.forget_dead_users(settings.VAR_DIR / "postgres")


def _say(words: str) -> None:
    print(words, flush=True)


if __name__ == "__main__":
    sys.exit(main())
