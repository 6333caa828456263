"""bin/bench: a database of its own, made anew, and clean output."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from benchmarks import runner

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


@pytest.mark.slow(18)
def test_each_run_has_a_fresh_database_and_prints_one_object():
    for _ in range(2):
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
    [(["nosuch"], "invalid choice"), (["probe", "--members", "many"], "'many'"), ([], "required")],
)
def test_bad_arguments_are_named(arguments, why):
    done = bench(*arguments)
    assert done.returncode == 2
    assert why in done.stderr
    assert done.stdout == ""


def test_every_benchmark_is_there_and_described():
    described = (Path(runner.__file__).parent / "README.md").read_text()
    for name, module in runner.BENCHMARKS.items():
        assert (settings.BASE_DIR / f"{module.replace('.', '/')}.py").exists(), name
        assert f"bin/bench {name}" in described
