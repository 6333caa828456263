"""How long the server takes for each page, and how many queries, as the staff who open it see it.

Every address of the product is in `EXAMPLES`, `NO_PAGES` or under a prefix of `LEFT_OUT`; one that is in none
stops the run. A page is asked for through the whole stack (middleware, session, template) in this process,
over a connection that stays open.
"""

from __future__ import annotations

import gc
import importlib
import itertools
import random
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import quantiles
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver

from benchmarks import crowd
from benchmarks.examples.every_page import EXAMPLES, LEFT_OUT, NO_PAGES
from benchmarks.examples.world import Asked, World, look_round
from benchmarks.restage import say

ROUNDS = 60
DEEP = 10  # pages followed from the first one of a list that goes on
LIMIT_MS, LIMIT_QUERIES = 60, 10
_NEXT = re.compile(r'(?:href|hx-get)="([^"]*[?&;]after=[^"]+)"')


class NoExample(AssertionError):
    """An address nobody has said how to open; or one that did not open."""


@dataclass(frozen=True)
class Figure:
    """One kind of page: milliseconds at the server, the most queries of any of its requests."""

    path: str
    p50_ms: float
    p95_ms: float
    queries: int

    @property
    def is_over(self) -> bool:
        return self.p95_ms > LIMIT_MS or self.queries > LIMIT_QUERIES


def is_built(members: int) -> bool:
    """Whether the database holds the crowd of so many members that an earlier run has built."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('bench_built') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("SELECT members FROM bench_built")
        return bool(cursor.fetchone()[0] == members)


def run(members: int, as_json: bool = False) -> dict[str, Any]:
    """Times every page among `members` members; builds them first where they are not there."""
    if not is_built(members):
        crowd.build(members)
        _mark_built(members)
    call_command("collectstatic", interactive=False, verbosity=0)
    importlib.import_module(
        "crm.wsgi"
    )  # what is loaded by now is kept out of garbage collection, as when served
    with override_settings(BUSINESS_NOW=crowd.NOW.isoformat(), ALLOWED_HOSTS=["testserver"]):
        world = look_round(members)
        figures, failed = [], []
        for asked in _every_page(world):
            try:
                figures.append(_timed(asked, world))
            except NoExample as error:  # the others are measured all the same
                failed.append(str(error))
                say(f"FAILED {error}")
    if failed:
        raise NoExample("; ".join(failed))
    return {
        "members": members,
        "pages": [vars(figure) for figure in figures],
        "worst_p95_ms": max(figure.p95_ms for figure in figures),
        "worst_queries": max(figure.queries for figure in figures),
    }


def _mark_built(members: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_built (members bigint)")
        cursor.execute("DELETE FROM bench_built")
        cursor.execute("INSERT INTO bench_built VALUES (%s)", [members])
        cursor.execute("GRANT SELECT ON bench_built TO PUBLIC")
        cursor.execute("RESET ROLE")


def addresses(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    """The names of all addresses, with their namespace."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield before + (pattern.name or str(pattern.pattern))
        else:
            yield from addresses(pattern, f"{before}{pattern.namespace}:" if pattern.namespace else before)


def unknown_addresses() -> list[str]:
    """Addresses of which nothing is said in benchmarks.examples."""
    return sorted(
        name
        for name in set(addresses())
        if name not in EXAMPLES and name not in NO_PAGES and not name.startswith(LEFT_OUT)
    )


def _every_page(world: World) -> Iterator[Asked]:
    if unknown := unknown_addresses():
        raise NoExample(f"no example of how to open {', '.join(unknown)}: see benchmarks/examples/")
    registered = set(addresses())
    for name, examples in EXAMPLES.items():
        if name in registered:
            yield from examples(world)


def _timed(asked: Asked, world: World) -> Figure:
    """ROUNDS requests, spread over all roles and arguments, after one of each role to warm up."""
    requests = [(role, path) for role in asked.roles for path in asked.paths]
    for role in asked.roles:
        _open(world.browsers[role], asked, asked.paths[0])
    if asked.follows:
        requests = [(role, path) for role in asked.roles for path in _followed(world.browsers[role], asked)]
    random.Random(1).shuffle(requests)  # noqa: S311  # the same order on every run
    spent, most = [], 0
    gc.collect()
    for role, path in itertools.islice(itertools.cycle(requests), ROUNDS):
        milliseconds, queries = _open(world.browsers[role], asked, path)
        spent.append(milliseconds)
        most = max(most, queries)
    cuts = quantiles(spent, n=20)
    figure = Figure(asked.label, round(cuts[9], 1), round(cuts[18], 1), most)
    over = "  over" if figure.is_over else ""
    say(f"{figure.p50_ms:8.1f} {figure.p95_ms:8.1f} ms {most:3} queries  {figure.path}{over}")
    return figure


def _followed(browser: Client, asked: Asked) -> list[str]:
    """The addresses of the pages behind each first page, as its links say."""
    found = []
    for path in asked.paths:
        for _ in range(DEEP):
            link = _NEXT.search(browser.get(path).content.decode())
            if link is None:
                break
            path = link[1].replace("&amp;", "&")
            path = path if path.startswith("/") else f"{asked.paths[0].partition('?')[0]}{path}"
            found.append(path)
    if not found:
        raise NoExample(f"{asked.label}: no page leads to a next one")
    return found


def _open(browser: Client, asked: Asked, path: str) -> tuple[float, int]:
    queries = 0

    def count(execute: Any, *arguments: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(*arguments)

    headers = {"HX-Request": "true"} if asked.part else {}
    with connection.execute_wrapper(count):
        begun = time.perf_counter()
        response = browser.get(path, headers=headers)
        b"".join(response)
        milliseconds = (time.perf_counter() - begun) * 1000
    if response.status_code != 200:
        raise NoExample(f"{asked.label}: {path} answered {response.status_code}")
    return milliseconds, queries
