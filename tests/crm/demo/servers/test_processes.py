"""Nothing outlives the process that started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from crm.demo.servers import logs, processes
from crm.demo.servers.processes import Failed, Group, Stopped

ROOT = Path(__file__).resolve().parents[4]
# Starts one process that has a child of its own and will not listen, then waits to be ended.
STARTER = """
import sys, time
from pathlib import Path
from crm.demo.servers import processes
from crm.demo.servers.processes import Group, Stopped
processes.GRACE = 1.0
stubborn = "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); " \\
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']); " \\
    "print(child.pid, flush=True); time.sleep(600)"
group = Group(Path(sys.argv[1]), {})
try:
    with group:
        group.keep("stubborn", [sys.executable, "-c", stubborn])
        while True:
            time.sleep(0.1)
except Stopped as stopped:
    sys.exit(stopped.number)
"""


def wait_for(condition, seconds=20.0):
    until = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.05)
    return found


@pytest.fixture
def group(tmp_path):
    """A group whose signal handlers do not outlast the test."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield Group(tmp_path, os.environ)
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_signal_ends_everything_even_children_of_those_that_do_not_listen(tmp_path, number):
    starter = subprocess.Popen([sys.executable, "-c", STARTER, str(tmp_path)], cwd=ROOT)
    log = tmp_path / "stubborn.log"
    grandchild = int(wait_for(lambda: log.exists() and log.read_text().partition("\n")[2].strip()))
    family = psutil.Process(starter.pid).children(recursive=True)
    assert grandchild in {process.pid for process in family}
    starter.send_signal(number)
    if number == signal.SIGKILL:
        assert starter.wait(timeout=30) == -number
    else:
        time.sleep(0.2)
        starter.send_signal(signal.SIGINT)  # impatience changes nothing
        assert starter.wait(timeout=30) == number
    wait_for(lambda: not [p for p in family if p.is_running() and p.status() != psutil.STATUS_ZOMBIE])


def test_a_step_that_fails_is_named(group):
    with group, pytest.raises(Failed, match="migrate failed"):
        group.run("migrate", [sys.executable, "-c", "raise SystemExit(3)"])


def test_a_server_that_ends_is_told_with_the_end_of_its_log(group):
    with group:
        group.keep("worker", [sys.executable, "-c", "print('no such table'); raise SystemExit(1)"])
        with pytest.raises(Failed, match=r"(?s)worker stopped unexpectedly.*no such table"):
            while True:
                group.check()
                time.sleep(0.05)


def test_a_server_that_ends_after_a_while_is_started_again_and_what_it_left_is_ended(group, monkeypatch):
    monkeypatch.setattr(processes, "STEADY", 0.0)
    with group:
        leaving = "import subprocess as s; print(s.Popen(['sleep', '600']).pid, flush=True)"
        group.keep("worker", [sys.executable, "-c", leaving])
        assert wait_for(group.check) == ["worker"]
        lines = wait_for(lambda: (said := group.log("worker").read_text().splitlines())[3:] and said)
        assert [line.partition(", ")[0] for line in lines[::2]] == ["--- worker"] * 2  # each start on record
        left = int(lines[1])
        wait_for(lambda: not psutil.pid_exists(left) or psutil.Process(left).status() == "zombie")


def test_the_guard_is_replaced_when_it_is_killed(group):
    with group:
        group.keep("worker", ["sleep", "600"])
        first = group._guard
        first.kill()
        first.wait()
        assert group.check() == []
        assert group._guard is not first and group._guard.poll() is None


def test_logs_are_kept_over_starts_and_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(logs, "LARGEST", 1000)
    path = tmp_path / "worker.log"
    path.write_text("what a crash wrote\n")
    for start in range(12):
        process = subprocess.Popen(["echo", f"{start} {'x' * 300}"], stdout=subprocess.PIPE)
        log = logs.RotatingLog(path, "worker", process.stdout)
        process.wait()
        assert log.tail(1)[0].startswith(f"{start} x")
        assert start or path.read_text().startswith("what a crash wrote\n--- worker, started 20")
    found = sorted(tmp_path.iterdir())
    assert [one.name for one in found] == ["worker.log", *(f"worker.log.{n}" for n in (1, 2, 3))]
    assert all(one.stat().st_size <= 1000 for one in found)


def test_a_signal_waits_while_undisturbed(group):
    reached = []
    with group, pytest.raises(Stopped) as stopped:
        with group.undisturbed():
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(0.1)
            reached.append("end")
        reached.append("after")
    assert reached == ["end"]
    assert stopped.value.number == signal.SIGTERM
