"""Slow tests begin first, shared out evenly; quick ones stay with their neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from tests.harness.order import dealt


@dataclass(frozen=True)
class Item:
    """A test as far as its order is concerned."""

    nodeid: str
    seconds: float = 0
    group: str = ""

    def get_closest_marker(self, name: str) -> SimpleNamespace | None:
        value = {"slow": self.seconds, "xdist_group": self.group}.get(name)
        return SimpleNamespace(args=(value,)) if value else None


def parts(items: list[Item], processes: int) -> list[list[Item]]:
    """What each process begins with, as worksteal divides."""
    left, found = list(items), []
    for number in range(processes):
        size = len(left) // (processes - number)
        found.append(left[:size])
        left = left[size:]
    return found


def test_each_process_begins_with_the_slowest_and_ends_with_neighbours():
    quick = [Item(f"q{number}") for number in range(6)]
    slow = [Item("a", 3), Item("b", 20), Item("c", 9), Item("d", 8)]
    first, second = parts(dealt([*quick[:3], *slow, *quick[3:]], 2), 2)
    assert [item.nodeid for item in first] == ["b", "q0", "q1", "q2", "q3"]
    assert [item.nodeid for item in second] == ["c", "d", "a", "q4", "q5"]


def test_what_shares_something_dear_stays_together():
    items = [Item("x", 5, "served"), Item("y", 4, "served"), Item("z", 8)]
    assert [item.nodeid for item in dealt(items, 2)] == ["x", "y", "z"]


@given(
    st.lists(st.tuples(st.sampled_from((0, 0, 0, 3, 8, 40)), st.sampled_from(("", "", "g")))),
    st.integers(2, 4),
)
def test_every_test_is_run_once(drawn, processes):
    items = [Item(str(number), *values) for number, values in enumerate(drawn)]
    assert sorted(item.nodeid for item in dealt(items, processes)) == sorted(item.nodeid for item in items)
