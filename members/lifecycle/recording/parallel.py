"""Run the same work in several threads, each with a database connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection


def run_in_threads(work: Callable[[], None], threads: int) -> None:
    """Call `work` once in this thread and in `threads - 1` others; raises what the first to fail raised.

    All of them end before this returns. `work` shares nothing with this thread's transaction.
    """
    if threads < 2:
        work()
        return
    with ThreadPoolExecutor(threads - 1, thread_name_prefix="restage") as pool:
        others = [pool.submit(_with_own_connection, work) for _ in range(threads - 1)]
        work()
    for other in others:
        other.result()


def _with_own_connection(work: Callable[[], None]) -> None:
    try:
        work()
    finally:
        connection.close()
