"""Runs a benchmark on a database of its own: python -m benchmarks.runner NAME [--members N] [--json].

With --keep a benchmark that only reads uses the database that its last run built.

A benchmark is a module here with `run(members: int, as_json: bool) -> dict`: it tells people what it does on
standard error (or standard output, which is led there) and returns the figures. The database is dropped, made
and migrated before every run; the work measured connects as the role that owns nothing, like the product.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from benchmarks.server import lacking
from crm import environment as env
from crm.runtime.database import embedded

ROOT = Path(__file__).resolve().parent.parent
BENCHMARKS = {
    "restage": "benchmarks.restage",
    "import": "benchmarks.import_rate",
    "pages": "benchmarks.pages",
    "loyalty": "benchmarks.loyalty",
    "queue": "benchmarks.queue_rate",
    "segments": "benchmarks.segments",
    "wording": "benchmarks.wording",
    "gate": "benchmarks.gate",
}
KEEPING = ("pages",)  # what they build takes minutes and is only read
DEFAULT_MEMBERS = 100_000


def fresh_database(name: str, *, keep: bool = False) -> str:
    """Drop, make and migrate the database perennial_bench_<name>; returns its URL, also set as DATABASE_URL.

    On the server of DATABASE_URL where one is set, else on the embedded server under PERENNIAL_VAR. With
    `keep` the database of the last run stays, if there is one, and is only migrated.
    """
    database = f"perennial_bench_{name}"
    url = _server_url()
    if lacks := lacking(url, checkpoints=True):
        sys.exit(lacks)
    with psycopg.connect(url, autocommit=True) as connection:
        if not keep:
            connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        there = connection.execute("SELECT FROM pg_database WHERE datname = %s", [database]).fetchone()
        if there is None:
            connection.execute(f'CREATE DATABASE "{database}"')
    parts = urlsplit(url)
    own = urlunsplit(parts._replace(path=f"/{database}"))
    os.environ["DATABASE_URL"] = own
    subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity", "0"],
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        env={**os.environ, "DATABASE_ROLE": "owner"},
    )
    return own


def _server_url() -> str:
    """Where databases can be made: DATABASE_URL, or the embedded server's maintenance database."""
    if env.text("DATABASE_URL"):
        return env.text("DATABASE_URL")
    folder = Path(env.text("PERENNIAL_VAR") or ROOT / "var" / "bench")
    return embedded.url(embedded.start(folder / "postgres", "perennial"), "postgres")


@contextmanager
def _output_to_stderr() -> Iterator[int]:
    """Lead all standard output, of child processes too, to standard error; yields the real one."""
    sys.stdout.flush()
    real = os.dup(1)
    os.dup2(2, 1)
    try:
        yield real
    finally:
        sys.stdout.flush()
        os.dup2(real, 1)
        os.close(real)


def measure(name: str, members: int, *, as_json: bool, keep: bool = False) -> dict[str, Any]:
    """The figures of one benchmark, on a fresh database, or with `keep` on the one of the last run."""
    fresh_database(name, keep=keep)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    import django

    django.setup()
    figures: dict[str, Any] = importlib.import_module(BENCHMARKS[name]).run(members, as_json)
    return figures


def main(arguments: Sequence[str] | None = None) -> int:
    names = sorted(BENCHMARKS)
    parser = argparse.ArgumentParser(prog="bin/bench", description="Measure on a database of its own.")
    parser.add_argument("name", choices=names, metavar="NAME", help=", ".join(names))
    parser.add_argument("--members", type=_count, default=DEFAULT_MEMBERS, metavar="N", help="%(default)s")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.add_argument(
        "--keep", action="store_true", help="pages: use the database of the last run if it has N members"
    )
    options = parser.parse_args(arguments)
    if options.keep and options.name not in KEEPING:
        parser.error(f"--keep is for {', '.join(KEEPING)}")
    with _output_to_stderr() as real:
        figures = measure(options.name, options.members, as_json=options.json, keep=options.keep)
        if options.json:
            os.write(real, (json.dumps(figures) + "\n").encode())
    if not options.json:
        for key, value in figures.items():
            print(f"{key:24} {value}")
    return 0


def _count(text: str) -> int:
    """A number of members from 100 up; underscores allowed."""
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 100:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 100 up")
    return number


if __name__ == "__main__":
    sys.exit(main())
