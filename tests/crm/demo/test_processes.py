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

from crm.demo.processes import Failed, Group, Stopped

ROOT = Path(__file__).resolve().parents[3]
# Starts one process that has a child of its own and will not listen, then waits to be ended.
STARTER = """
import sys, time
from pathlib import Path
from crm.demo import processes
from crm.demo.processes import Group, Stopped
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


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything_even_children_of_those_that_do_not_listen(tmp_path, number):
    starter = subprocess.Popen([sys.executable, "-c", STARTER, str(tmp_path)], cwd=ROOT)
    log = tmp_path / "stubborn.log"
    grandchild = int(wait_for(lambda: log.exists() and log.read_text().strip()))
    family = psutil.Process(starter.pid).children(recursive=True)
    assert grandchild in {process.pid for process in family}
    starter.send_signal(number)
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
        with pytest.raises(Failed, match=r"(?s)worker ended by itself.*no such table"):
            while True:
                group.check()
                time.sleep(0.05)


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
