"""The figures of review for an officer's home: what waits, how decisions went, which rules find most."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from campaigns.review.copy import exceptions
from campaigns.review.desk.lists import SOON
from crm.runtime.clock import day_of, day_start
from crm.runtime.sql_files import sql_beside
from crm.runtime.text.local_names import LocalName
from crm.staff.models import Staff

WEEKS = 12  # the running one is the last
_SQL = sql_beside(__file__)("figures")


@dataclass(frozen=True)
class Week:
    """The decisions of a calendar week; `hours` is their mean time from submission, None without any."""

    monday: date
    approved: int
    returned: int
    rejected: int
    hours: float | None


@dataclass(frozen=True)
class Due(LocalName):
    """A version near the front of the queue; `holder` is another officer who works on it now."""

    version_id: int
    name: str
    name_en: str
    channel: str
    deadline: datetime
    blocks: int
    findings: int
    holder: str


@dataclass(frozen=True)
class Figures:
    """Numbers of now, and of the last WEEKS weeks: `hours` from submission to decision on average, `decided`,
    `returned` of them, `granted` exceptions, `lapsed` approvals, findings by rule (rule, category, findings).
    """

    waiting: int
    late: int
    asked: int
    ending: int
    hours: float | None
    decided: int
    returned: int
    granted: int
    lapsed: int
    weeks: Sequence[Week]
    rules: Sequence[tuple[str, str, int]]
    first: Sequence[Due]


def review_figures(officer: Staff, now: datetime) -> Figures:
    """One query, over the decisions of WEEKS weeks and what is open."""
    monday = day_of(now) - timedelta(days=day_of(now).weekday())
    mondays = [monday - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]
    values: dict[str, Any] = {
        "starts": [day_start(one) for one in mondays],
        "ends": [day_start(one + timedelta(weeks=1)) for one in mondays],
        "now": now,
        "soon": now + SOON,
        "officer": officer.pk,
        "kind": exceptions.KIND,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL, values)
        found = cursor.fetchone()[0]
    return _figures(json.loads(found) if isinstance(found, str) else found, mondays)


def _figures(found: Mapping[str, Any], mondays: Sequence[date]) -> Figures:
    counts = ("waiting", "late", "asked", "ending", "hours", "decided", "returned", "granted", "lapsed")
    return Figures(
        **{name: found[name] for name in counts},
        weeks=[
            Week(monday, one["approved"], one["returned"], one["rejected"], one["hours"])
            for monday, one in zip(mondays, found["weeks"], strict=True)
        ],
        rules=[(one["rule"], one["category"], one["findings"]) for one in found["rules"]],
        first=[
            Due(
                one["id"],
                one["name"],
                one["name_en"],
                one["channel"],
                datetime.fromisoformat(one["deadline"]),
                one["blocks"],
                one["findings"],
                one["holder"] or "",
            )
            for one in found["first"]
        ],
    )
