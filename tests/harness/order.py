"""The order of a run over several processes: what takes long begins first, what is quick fills the gaps.

`--dist worksteal` gives each process an equal number of tests in the order of collection, and lets one that
has nothing left take the last half of what another still has. So each process's share begins with its part
of the slow tests and goes on with whole modules of quick ones.

`@pytest.mark.slow(seconds)` says what takes long; `@pytest.mark.xdist_group(name)` keeps tests together that
share what is dear to make.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import pytest

A_PAGE = 2.0  # seconds of a test in a browser that says nothing else
Unit = list[Any]  # tests that stay together


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    processes = getattr(config, "workerinput", {}).get("workercount", 1)
    if processes > 1:
        by_place = sorted(items, key=lambda item: (str(item.path), item.location[1] or 0))
        items[:] = dealt(by_place, processes)


def dealt(items: Sequence[Any], processes: int) -> list[Any]:
    """The items in an order of which each process takes its part of the same length."""
    slow = sorted(_units(item for item in items if seconds_of(item)), key=_seconds, reverse=True)
    shares: list[Unit] = [[] for _ in range(processes)]
    for unit in slow:
        min(shares, key=_seconds).extend(unit)
    quick = [item for item in items if not seconds_of(item)]
    rest = len(items)
    for number, share in enumerate(shares):
        room = max(rest // (processes - number) - len(share), 0)  # as worksteal divides
        rest -= len(share) + room
        share.extend(quick[:room])
        del quick[:room]
    return [item for share in shares for item in share] + quick


def seconds_of(item: Any) -> float:
    """How long a test takes by its mark; 0 where it is quick."""
    if mark := item.get_closest_marker("slow"):
        return float(mark.args[0])
    return A_PAGE if item.get_closest_marker("browser") else 0.0


def _units(items: Any) -> list[Unit]:
    return [list(unit) for _, unit in groupby(items, key=_group)]


def _group(item: Any) -> str:
    mark = item.get_closest_marker("xdist_group")
    return str(mark.args[0]) if mark else item.nodeid


def _seconds(unit: Unit) -> float:
    return sum(map(seconds_of, unit))
