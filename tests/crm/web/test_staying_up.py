"""The web server as a crowd, a kill and a lost database meet it."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit, urlunsplit

import psutil
import pytest

from tests.harness.databases import database_url
from tests.harness.web import PATIENCE, serving

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow(10),
    pytest.mark.xdist_group("web server"),
]
SIGN_IN = "/sign-in/"


def get(port: int, path: str = SIGN_IN, timeout: float = PATIENCE) -> http.client.HTTPResponse:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    # A cookie is looked up in the table of sessions: every page then asks the database.
    client.request("GET", path, headers={"Cookie": f"sessionid={'a' * 32}", "Accept-Language": "en"})
    answer = client.getresponse()
    answer.body = answer.read().decode()  # type: ignore[attr-defined]
    client.close()
    return answer


class Relay:
    """Passes bytes on to the database until it is cut; `mend` lets new connections through again."""

    def __init__(self, target: socket.socket | tuple) -> None:
        self._target, self._open, self._pairs = target, True, []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            client, _ = self._listener.accept()
            if not self._open:
                client.close()
                continue
            server = socket.socket(*self._target[:1])
            server.connect(self._target[1])
            self._pairs += [client, server]
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._pass_on, args=(source, sink), daemon=True).start()

    @staticmethod
    def _pass_on(source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def cut(self) -> None:
        self._open = False
        for end in self._pairs:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._pairs.clear()

    def mend(self) -> None:
        self._open = True


def relayed() -> tuple[Relay, str]:
    """A relay before the tests' database, and the URL that goes through it."""
    url = urlsplit(database_url())
    host, port = url.hostname or "", url.port or 5432
    name = unquote(host)
    if name.startswith("/"):
        relay = Relay((socket.AF_UNIX, f"{name}/.s.PGSQL.{port}"))
    else:
        relay = Relay((socket.AF_INET, (name, port)))
    account = url.netloc.rpartition("@")[0]
    return relay, urlunsplit(url._replace(netloc=f"{account}@127.0.0.1:{relay.port}"))


@dataclass
class Served:
    """The web server of these tests, its database behind a relay."""

    port: int
    process: subprocess.Popen
    relay: Relay


@pytest.fixture(scope="module")
def served(django_db_setup, tmp_path_factory) -> Iterator[Served]:
    """One server for all of them: each leaves it as it found it."""
    relay, url = relayed()
    with serving(tmp_path_factory.mktemp("web"), DATABASE_URL=url) as (port, process):
        yield Served(port, process, relay)


def test_idle_connections_keep_nobody_out(served):
    idle = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(40)]
    kept = []
    for _ in range(20):
        client = http.client.HTTPConnection("127.0.0.1", served.port, timeout=PATIENCE)
        client.request("GET", SIGN_IN)
        assert client.getresponse().read()
        kept.append(client)
    assert get(served.port, timeout=20).status == 200
    for one in (*idle, *kept):
        one.close()


def test_a_killed_web_process_is_replaced(served):
    workers = psutil.Process(served.process.pid).children()
    web = max(workers, key=lambda one: one.memory_info().rss)
    assert get(served.port).status == 200
    os.kill(web.pid, signal.SIGKILL)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with suppress(OSError, http.client.HTTPException):
            if get(served.port, timeout=5).status == 200:
                break
    assert served.process.poll() is None
    assert get(served.port).status == 200


def test_a_lost_database_is_a_503_at_once_and_comes_back(served):
    assert get(served.port, "/").status == 302  # to sign in
    served.relay.cut()
    for path in ("/", "/members/", SIGN_IN):
        begun = time.monotonic()
        answer = get(served.port, path)
        assert answer.status == 503
        assert "The database cannot be reached." in answer.body
        assert answer.headers["Retry-After"] == "5"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert time.monotonic() - begun < 15, "the pool waits two seconds; the rest is a busy machine"
    served.relay.mend()
    until = time.monotonic() + PATIENCE
    while get(served.port, "/", timeout=20).status != 302:
        assert time.monotonic() < until, "it does not come back"
