"""Go through all members in ranges of ids, so that memory stays flat and two processors share the work."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from typing import TypeVar

from django.db import connection
from django.db.models import Max, Min

from members.lifecycle.evaluation.isolate import FailedMember, isolate
from members.profiles.models import Member

T = TypeVar("T")
RANGE = 10_000  # small enough that the workers end together
WORKERS = 2


def ranges(size: int = RANGE) -> list[tuple[int, int]]:
    """[low, high) ranges that cover every member id."""
    ends = Member.objects.aggregate(low=Min("id"), high=Max("id"))
    if ends["low"] is None:
        return []
    return [(low, low + size) for low in range(ends["low"], ends["high"] + 1, size)]


def map_ranges(work: Callable[[int, int], T], failed: list[FailedMember]) -> Iterator[T]:
    """The result of work(low, high) for each range, in the order of completion, two at a time on connections
    of their own.

    A range that fails because of some of its members is processed in parts without them; they are added to
    `failed`. Inside a transaction, which other connections cannot see, the ranges are processed one after the
    other.
    """

    def in_parts(low: int, high: int) -> tuple[list[T], list[FailedMember]]:
        def part(ids: Sequence[int]) -> T:
            return work(ids[0], ids[-1] + 1)

        return isolate(part, range(low, high))

    if connection.in_atomic_block:
        for low, high in ranges():
            results, faults = in_parts(low, high)
            failed += faults
            yield from results
        return
    todo: SimpleQueue[tuple[int, int]] = SimpleQueue()
    done: SimpleQueue[tuple[list[T], list[FailedMember]] | None] = SimpleQueue()
    for ends in ranges():
        todo.put(ends)

    def worker() -> None:
        try:
            while True:
                done.put(in_parts(*todo.get_nowait()))
        except Empty:
            return
        finally:
            connection.close()
            done.put(None)

    with ThreadPoolExecutor(WORKERS) as pool:
        workers = [pool.submit(worker) for _ in range(WORKERS)]
        ended = 0
        while ended < WORKERS:
            result = done.get()
            if result is None:
                ended += 1
            else:
                failed += result[1]
                yield from result[0]
        for future in workers:
            future.result()
