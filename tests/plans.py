"""What a piece of code asks of the database, and how the database goes about it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

Asked = tuple[str, Sequence[Any] | None]


@contextmanager
def noted() -> Iterator[list[Asked]]:
    """The statements executed inside, with their parameters, those kept planned by the server too."""
    asked: list[Asked] = []

    def note(execute: Any, statement: str, parameters: Any, *more: Any) -> Any:
        asked.append((statement, parameters))
        return execute(statement, parameters, *more)

    with connection.execute_wrapper(note):
        yield asked


def scans(asked: Asked) -> Iterator[dict[str, Any]]:
    """Each scan of a table in the plan of a statement, which is run anew."""
    statement, parameters = asked
    with connection.cursor() as cursor:
        # As on discs without a head to move; by default a server walks through small tables instead.
        cursor.execute("SET LOCAL random_page_cost = 1.1")
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}", parameters)
        (answer,) = cursor.fetchone()
    plan = answer if isinstance(answer, list) else json.loads(answer)
    return (node for node in _nodes(plan[0]["Plan"]) if "Relation Name" in node)


def rows_of(node: dict[str, Any]) -> int:
    """The rows that a scan has read, those included that it has passed over."""
    return int((node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"])


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)
