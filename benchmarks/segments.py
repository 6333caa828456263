"""What segments cost: one against a DBA's SQL, fifty kept against computed anew, and their pages."""

from __future__ import annotations

import gc
import json
import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlencode

from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse

from benchmarks.restage import NOW, SQL, load, say, timed
from crm.runtime.clock import day_of, day_start
from crm.staff.models import Role, Staff
from members.lifecycle.recording.restage import restage
from members.rules.ask import everybody, ids
from members.rules.language.parse import parse
from members.segments.builder.preview.preview import preview
from members.segments.change.save import Draft, create_segment
from members.segments.keeping.keep import keep
from members.segments.keeping.verify import verify
from members.segments.models import Kind, Segment

SEGMENTS = 50
REQUESTS = 60
Rule = dict[str, Any]

# Growing members with assets who logged in three times within thirty days.
ACTIVE: Rule = {
    "all": [
        {"field": "stage", "op": "=", "value": "growth"},
        {"field": "aum", "op": ">=", "value": 20_000},
        {
            "did": "event",
            "where": [{"property": "name", "op": "=", "value": "login"}],
            "period": {"within_last": {"days": 30}},
            "times": {"op": ">=", "value": 3},
        },
    ]
}
# Good, because logins are counted from the index of logins alone, once for each member who is left: the two
# cheap conditions are applied to the narrow table of standings first, and no event of another kind, or of a
# member who is out already, is read.
DBA_BY_MEMBER = """
SELECT s.member_id
FROM lifecycle_standing AS s
WHERE s.stage = 'growth' AND s.aum >= 20000 AND (
    SELECT count(*) FROM (
        SELECT FROM profiles_event AS e
        WHERE e.member_id = s.member_id AND e.name = 'login' AND e.at >= %(since)s AND e.at <= %(now)s
        LIMIT 3
    ) AS found
) >= 3
"""
# The other way round: the logins of the month in one pass, grouped, joined with whoever matches. Better where
# most members match.
DBA_AT_ONCE = """
SELECT s.member_id
FROM (
    SELECT e.member_id FROM profiles_event AS e
    WHERE e.name = 'login' AND e.at >= %(since)s AND e.at <= %(now)s
    GROUP BY e.member_id HAVING count(*) >= 3
) AS active
JOIN lifecycle_standing AS s USING (member_id)
WHERE s.stage = 'growth' AND s.aum >= 20000
"""


def run(members: int, as_json: bool = False) -> dict[str, Any]:
    """Times segments among `members` members; ratios are within this run."""
    changing = min(10_000, members // 100)
    say(f"loading {members // 10:,} members")
    load(1, members // 10, NOW)
    maker = Staff.objects.create(username="maker", display_name="Maker", role=Role.OPERATIONS, password="")
    _create(maker)
    keep(now=NOW)
    _changed(changing, NOW + timedelta(hours=1))
    small = _changed(changing, NOW + timedelta(hours=2))
    say(f"loading the rest of {members:,} members")
    load(members // 10 + 1, members, NOW + timedelta(hours=2, minutes=30))
    at = NOW + timedelta(hours=3)
    _rebuild(at)
    _changed(changing, at)
    large = _changed(changing, at + timedelta(hours=1))
    _vacuum()
    at += timedelta(hours=2)
    restage(now=at)
    keep(now=at)
    idle = median(timed(lambda: keep(now=at)) for _ in range(5))
    rebuilt = _rebuild(at)
    if differing := verify(now=at)[2]:
        raise AssertionError(f"what is kept is not what the rules say: {differing}")
    with override_settings(BUSINESS_NOW=at.isoformat(), ALLOWED_HOSTS=["testserver"]):
        shown = {"preview_p95_ms": _preview(maker, at), "list_p95_ms": _list(maker)}
    return {
        "members": members,
        "segment_over_sql": round(_over_sql(at), 3),
        "segments_incremental_over_rebuild": round(large / rebuilt, 4),
        "idle_seconds": round(idle, 4),
        "scale_ratio": round(large / small, 3),
        **shown,
    }


def _rules() -> list[Rule]:
    """Fifty rules as people make them: stages, assets, silence, events and buys."""
    stages = ("acquisition", "activation", "growth", "maturity", "decline")
    rules: list[Rule] = []
    for number in range(SEGMENTS):
        stage = {"field": "stage", "op": "=", "value": stages[number % 5]}
        amount = {"field": "aum", "op": ">=", "value": 5_000 * (1 + number)}
        days = {"days": 15 + 3 * number}
        silent = {"field": "last_activity", "op": "more_than_ago", "value": days}
        logged_in = {
            "did": "event",
            "where": [{"property": "name", "op": "=", "value": "login"}],
            "period": {"within_last": days},
        }
        bought = {
            "did": "transaction",
            "where": [{"property": "kind", "op": "=", "value": "buy"}],
            "period": {"within_last": days},
            "sum": {"property": "amount", "op": ">=", "value": 10_000},
        }
        kinds = ([stage, amount], [amount, silent], [stage, logged_in], [amount, bought], [stage, silent])
        rules.append({"all": kinds[number // 10]})
    return rules


def _create(maker: Staff) -> None:
    for number, rule in enumerate(_rules(), 1):
        create_segment(Draft(f"Segment {number}", Kind.RULE, rule), staff=maker, now=NOW)


def _changed(members: int, at: datetime) -> float:
    """Seconds to keep all segments after `members` members of the first tenth logged in and bought."""
    with connection.cursor() as cursor:
        for part in (SQL / "change.sql").read_text().split(";\n"):
            if part.strip():
                cursor.execute(part, {"members": members, "at": at, "which": 0})
    restage(now=at)
    seconds = timed(lambda: keep(now=at))
    say(f"{members:,} changed members: kept in {seconds:.2f} s")
    return seconds


def _rebuild(at: datetime) -> float:
    """Seconds to compute all segments from all members, as new ones: all of it is written, nobody is told."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute("TRUNCATE segments_membership, segments_due, segments_tally")
        cursor.execute("RESET ROLE")
    Segment.objects.update(computed_at=None, writers=None, began_at=None)
    seconds = timed(lambda: keep(now=at))
    say(f"computed anew in {seconds:.1f} s")
    return seconds


def _vacuum() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")
        cursor.execute("RESET ROLE")


def _over_sql(at: datetime) -> float:
    """Time of the compiled rule ÷ that of the better statement; all must find the same members."""
    condition = everybody(parse(ACTIVE), at)
    given = {"now": at, "since": day_start(day_of(at) - timedelta(days=30))}
    ours, found = _asked(lambda: ids(condition))
    theirs = []
    for text in (DBA_BY_MEMBER, DBA_AT_ONCE):
        seconds, same = _asked(partial(_selected, text, given))
        if same != found:
            raise AssertionError(f"the compiled rule finds {len(found)} members, the DBA {len(same)}")
        theirs.append(seconds)
    say(f"{len(found):,} members: rule {ours:.3f} s, DBA {theirs[0]:.3f} s and {theirs[1]:.3f} s")
    return ours / min(theirs)


def _selected(statement: str, given: dict[str, Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return [row[0] for row in cursor.fetchall()]


def _asked(ask: Callable[[], list[int]]) -> tuple[float, set[int]]:
    found = set(ask())
    return median(timed(ask) for _ in range(5)), found


def _p95(ask: Callable[[int], None]) -> float:
    times = []
    for number in range(-5, REQUESTS):
        begun = time.perf_counter()
        ask(number)
        if number >= 0:
            times.append(1000 * (time.perf_counter() - begun))
    return round(quantiles(times, n=20)[-1], 1)


def _preview(staff: Staff, at: datetime) -> float:
    """Estimate and ten members of a rule that nobody has saved."""
    rules = [*map(parse, _rules()), parse(ACTIVE)]
    random.Random(1).shuffle(rules)  # noqa: S311  # the same order on every run
    return _p95(lambda number: void(preview(rules[number % len(rules)], staff, at)))


def void(_: object) -> None:
    """What was asked for is timed, not used."""


def _list(staff: Staff) -> float:
    """The list of members filtered by a rule of two conditions, through the whole stack."""
    call_command("collectstatic", interactive=False, verbosity=0)
    client = Client()
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    rules = [
        {"all": [{"field": "stage", "op": "=", "value": stage}, {"field": "aum", "op": ">=", "value": aum}]}
        for stage in ("growth", "decline", "activation")
        for aum in (1_000, 20_000, 50_000)
    ]

    gc.collect()
    gc.freeze()  # as the web server does with what is loaded before its first request
    paths = [f"{reverse('members')}?{urlencode({'rule': json.dumps(rule)})}" for rule in rules]

    def ask(number: int) -> None:
        answer = client.get(paths[number % len(paths)])
        if answer.status_code != 200:
            raise AssertionError(f"{paths[number % len(paths)]} answers {answer.status_code}")

    return _p95(ask)
