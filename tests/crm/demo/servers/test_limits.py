"""The web server's limits fit the database's, and the documentation says the same."""

from __future__ import annotations

import re

from crm import settings
from crm.demo.serve import WEB_LIMITS
from crm.runtime.database.embedded import SERVER_CONFIG
from tests.rules.source import ROOT

WEB_PROCESSES = 2
OTHERS = 20  # worker, beat, heartbeats, commands


def test_a_thread_of_the_web_server_never_waits_for_a_connection(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://nobody@nowhere/perennial")
    monkeypatch.setenv("DATABASE_POOL", "1")
    pool = settings._database()["OPTIONS"]["pool"]
    threads = int(WEB_LIMITS[WEB_LIMITS.index("--blocking-threads") + 1])
    assert threads <= pool["max_size"]
    (most,) = re.findall(r"max_connections = (\d+)", SERVER_CONFIG)
    assert WEB_PROCESSES * pool["max_size"] + OTHERS <= int(most)


def test_the_documented_web_command_has_the_limits_that_are_tested():
    text = (ROOT / "docs/operations.md").read_text()
    assert f"--workers {WEB_PROCESSES} {' '.join(WEB_LIMITS)} crm.wsgi:application" in text
