"""Single redemptions by two processes through the Python call, against the same statement bare."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connection

from benchmarks.loyalty.data import NOW
from benchmarks.restage import say
from members.loyalty.points.ledger.redeem import redeem

PROCESSES = 2
EACH = 3_000  # redemptions of a process and a round
ROUNDS = 3
_BARE = "SELECT entry, repeated FROM loyalty_spend(%s, %s, 'redeem', %s, %s, %s, %s, %s, %s, NULL)"


def measure(programme: int) -> dict[str, Any]:
    """Rates of both, in turns, so that the machine's pace is the same for both."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT member_id FROM loyalty_pointsaccount WHERE programme_id = %s AND balance >= 20"
            " ORDER BY member_id %% 97, member_id LIMIT %s",
            [programme, PROCESSES * EACH],
        )
        members = [row[0] for row in cursor.fetchall()]
    shares = [members[start::PROCESSES] for start in range(PROCESSES)]
    ours = bare = 0.0
    for turn in range(ROUNDS):
        ours += _together(_ours, programme, shares, turn)
        bare += _together(_psycopg, programme, shares, turn)
    count = len(members) * ROUNDS
    say(f"{count / ours:,.0f} redemptions a second, {count / bare:,.0f} bare")
    return {
        "redemptions_a_second": round(count / ours),
        "bare_redemptions_a_second": round(count / bare),
        "redeem_over_bare": round(bare / ours, 3),
    }


Work = Callable[[int, list[int], int, Any], None]


def _together(work: Work, programme: int, shares: list[list[int]], turn: int) -> float:
    """Seconds until every process has done its share, from the moment at which all are connected."""
    connection.close()
    context = multiprocessing.get_context("fork")
    ready = context.Barrier(PROCESSES + 1)
    workers = [
        context.Process(target=work, args=(programme, members, turn, ready.wait)) for members in shares
    ]
    for worker in workers:
        worker.start()
    ready.wait()
    start = time.perf_counter()
    for worker in workers:
        worker.join()
    if any(worker.exitcode for worker in workers):
        raise AssertionError("a process failed")
    return time.perf_counter() - start


def _ours(programme: int, members: list[int], turn: int, wait: Callable[[], object]) -> None:
    connection.ensure_connection()
    wait()
    for member in members:
        redeem(programme, member, 1, key=f"ours {turn}", now=NOW)


def _psycopg(programme: int, members: list[int], turn: int, wait: Callable[[], object]) -> None:
    given = connection.get_connection_params()
    given = {
        name: given[name]
        for name in ("dbname", "user", "password", "host", "port", "options")
        if given.get(name)
    }
    with psycopg.connect(**given, autocommit=True) as bare:
        wait()
        for member in members:
            bare.execute(_BARE, [programme, member, 1, f"bare {turn}", NOW, "", None, None]).fetchone()
