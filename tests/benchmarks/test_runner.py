"""bin/bench: a database of its own, made anew, and clean output."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from benchmarks import runner
from tests.harness.databases import database_url

PROBE = (
    "import sys; from benchmarks import runner; runner.BENCHMARKS['probe'] = 'tests.benchmarks.probe';"
    "sys.exit(runner.main(sys.argv[1:]))"
)


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_ROLE"}
    return subprocess.run(
        [sys.executable, "-c", PROBE, *arguments],
        cwd=settings.BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture
def left_behind(transactional_db) -> Iterator[None]:
    """The benchmark's database as an earlier run, or somebody else, may have left it."""
    name = sql.Identifier("perennial_bench_probe")
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name)
    url = database_url()
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(drop)
        server.execute(sql.SQL("CREATE DATABASE {}").format(name))
        with psycopg.connect(url.rpartition("/")[0] + "/perennial_bench_probe") as before:
            before.execute("CREATE TABLE runtime_jobrun AS SELECT 1 AS id")
        yield
        server.execute(drop)


@pytest.mark.slow(6)
def test_a_run_has_a_fresh_database_and_prints_one_object(left_behind):
    done = bench("probe", "--members", "1_000", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "members": 1000,
        "json": True,
        "database": "perennial_bench_probe",
        "role": "perennial_app",
        "rows": 0,
        "left": 1,
    }
    assert done.stdout.count("\n") == 1
    assert "some words" in done.stderr
    assert "a child's words" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["nosuch"], "invalid choice"),
        (["restage", "--members", "many"], "'many'"),
        ([], "required"),
        (["restage", "--keep"], "--keep is for pages"),  # only what reads keeps its database
    ],
)
def test_bad_arguments_are_named(arguments, why, capsys):
    with pytest.raises(SystemExit) as ended:
        runner.main(arguments)
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert why in said.err
    assert said.out == ""


def test_every_benchmark_is_there_and_described():
    described = (Path(runner.__file__).parent / "README.md").read_text()
    for name, module in runner.BENCHMARKS.items():
        assert find_spec(module), name
        assert f"bin/bench {name}" in described
