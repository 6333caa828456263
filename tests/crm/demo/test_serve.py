"""bin/demo from start to end: a world, servers that answer, and nothing left behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext

from crm.demo.serve import _becomes_free
from crm.demo.staff import PASSWORD

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 180  # seconds; a busy machine of two cores


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(var: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "DATABASE_ROLE", "BUSINESS_NOW"}}
    return {**kept, "PERENNIAL_VAR": str(var), "PYTHONUNBUFFERED": "1"}


def serve(var: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "crm.demo.serve", *arguments],
        cwd=ROOT,
        env=environment(var),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def users_of(var: Path) -> list[str]:
    """Processes with the folder in command line or environment: the database and all that was started."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
                continue
            if str(var) in " ".join(process.cmdline()) or process.environ().get("PERENNIAL_VAR") == str(var):
                found.append(" ".join(process.cmdline()))
        except psutil.Error:
            continue
    return found


def read_until(process: subprocess.Popen[str], words: str) -> str:
    said = ""
    while words not in said:
        line = process.stdout.readline()
        assert line, f"ended early:\n{said}"
        said += line
    return said


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """A var folder with a small world in it, whose first building was interrupted, and what was said."""
    var = tmp_path_factory.mktemp("served")
    process = serve(var, "--no-serve", "--members", "400")
    read_until(process, "Imported")
    process.send_signal(signal.SIGINT)
    interrupted, _ = process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGINT, interrupted
    assert users_of(var) == []
    process = serve(var, "--no-serve", "--members", "12")
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said
    assert users_of(var) == []
    return var, said


@pytest.fixture
def built(begun) -> Path:
    return begun[0]


@pytest.mark.slow(15)
@pytest.mark.xdist_group("served")
def test_interrupted_while_building_it_starts_clean_the_next_time(begun):
    _, said = begun
    assert "starting clean" in said
    assert "The world is ready." in said and "Ready. bin/demo starts it." in said


@pytest.mark.slow(3)
@pytest.mark.xdist_group("served")
def test_it_leaves_nothing_when_it_is_killed_as_its_servers_start(built):
    port = free_port()
    process = serve(built, "--port", str(port))
    said = read_until(process, "Starting the servers")
    assert "Building" not in said
    # The last of them: one that is just being started is nobody's yet.
    wait_until(lambda: any("celery" in line and "beat" in line for line in users_of(built)))
    process.kill()
    process.wait()
    assert _becomes_free(port)  # what the next start asks first
    wait_until(lambda: users_of(built) == [])


def answers(port: int) -> int:
    """The status of the first page."""
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/", timeout=60) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def wait_until(condition) -> None:
    until = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.1)


PLACES = ("/", "/members/", "/lifecycle/", "/kpis/", "/policy/", "/jobs/", "/gallery/")
HEAVIEST = 150_000  # bytes over the wire, all that a page fetches


@pytest.mark.slow(15)
@pytest.mark.xdist_group("served")
@pytest.mark.browser
def test_it_serves_light_pages_outlives_its_database_and_stops_when_asked(built, chrome):
    """A page's first load as a browser with an empty cache counts it, from the server that users get."""
    port = free_port()
    process = serve(built, "--port", str(port))
    try:
        said = read_until(process, "Ctrl-C")
        assert f"http://localhost:{port}/" in said and PASSWORD in said
        for name in ("rm1", "lead1", "service1", "compliance2", "operations1", "admin", "analyst"):
            assert name in said
        assert any("celery" in line and "worker" in line for line in users_of(built))
        assert any("celery" in line and "beat" in line for line in users_of(built))
        loads = first_loads(chrome, f"http://localhost:{port}")
        os.kill(int((built / "postgres" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        read_until(process, "The database stopped. Restarting it.")
        wait_until(lambda: answers(port) == 200)
    finally:
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=60)
    assert process.returncode == 0, rest
    wait_until(lambda: users_of(built) == [])
    assert (built / "log" / "worker.log").read_text().startswith("--- worker, started ")
    for path, (heavy, asked) in loads.items():
        assert 0 < heavy <= HEAVIEST, f"{path}: {heavy} bytes"
        assert {urlsplit(address).netloc for address in asked} == {f"localhost:{port}"}, path


def first_loads(chrome: Browser, home: str) -> dict[str, tuple[int, list[str]]]:
    """For each place: bytes received with nothing kept, and the addresses asked."""
    context = chrome.new_context(base_url=home)
    page = context.new_page()
    page.goto("/sign-in/")
    page.fill("[name=username]", "admin")
    page.fill("[name=password]", PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(f"{home}/")
    loads = [FirstLoad(context, path) for path in PLACES]
    found = {load.path: load.settled() for load in loads}  # all are waited for at once
    context.close()
    return found


class FirstLoad:
    """A page opened by a browser that has kept nothing."""

    def __init__(self, context: BrowserContext, path: str) -> None:
        self.path, self.received, self.asked = path, [], []
        self.page = context.new_page()
        wire = context.new_cdp_session(self.page)
        wire.send("Network.enable")
        wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
        wire.on("Network.loadingFinished", lambda event: self.received.append(event["encodedDataLength"]))
        wire.on("Network.requestWillBeSent", lambda event: self.asked.append(event["request"]["url"]))
        self.page.goto(path)

    def settled(self) -> tuple[int, list[str]]:
        """Bytes received and addresses asked, once nothing more comes."""
        self.page.wait_for_load_state("networkidle")
        return int(sum(self.received)), [address for address in self.asked if not address.startswith("data:")]


def test_a_taken_port_is_told_before_anything_starts(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = serve(tmp_path, "--port", str(port))
        said, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert f"Port {port} is taken" in said and f"--port {port + 1}" in said
    assert list(tmp_path.iterdir()) == []
