"""The product served by its real web server, over HTTP, for tests of what no test client shows."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from django.core.management import call_command
from django.test import override_settings

from crm import settings as product
from crm.demo.serve import WEB_LIMITS
from tests.harness.databases import database_url
from tests.rules.source import ROOT

PATIENCE = 90  # seconds; a busy machine of two cores


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port: int, process: subprocess.Popen) -> None:
    """Until somebody listens on the port."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
    raise AssertionError(f"nothing listens on {port}")


@contextmanager
def serving(folder: Path, *arguments: str, **environment: str) -> Iterator[tuple[int, subprocess.Popen]]:
    """The documented web command on the tests' database; gives its port and process."""
    port = free_port()
    given: Mapping[str, str] = os.environ | {
        "DATABASE_URL": database_url(), "DATABASE_POOL": "1", "PERENNIAL_VAR": str(folder / "var"),
    } | environment  # fmt: skip
    with override_settings(STATIC_ROOT=folder / "var" / product.STATIC_ROOT.name, STORAGES=product.STORAGES):
        call_command("collectstatic", interactive=False, verbosity=0)
    granian = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), *WEB_LIMITS]
    command = [sys.executable, "-m", *granian, *arguments, "crm.wsgi:application"]
    process = subprocess.Popen(command, cwd=ROOT, env=given)
    try:
        wait_for(port, process)
        yield port, process
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)
