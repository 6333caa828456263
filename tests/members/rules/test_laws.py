"""Rules in SQL say what the plain evaluation says, for any members, at any instant."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from members.rules.ask import KNOWN
from members.rules.compiling.condition import compile, from_clause
from members.rules.language.parse import parse
from members.rules.language.to_json import to_json
from tests.harness.examples import examples
from tests.members.rules import lives, oracle

pytestmark = pytest.mark.django_db


class _Undone(Exception):
    pass


def _matching(rule, now, ids, **how) -> tuple[list[int], dict[int, object]]:
    """Who matches, and when each member's answer can change next."""
    condition = compile(rule, now, **how)
    sql = (
        f"SELECT m.id, {KNOWN} AND {condition.sql}, ({condition.sql}) IS NULL, {condition.next_sql or 'NULL'}"
        f" FROM {from_clause(condition.sources)} WHERE m.id = ANY(%(asked)s)"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, {**condition.parameters, "asked": ids})
        rows = cursor.fetchall()
    assert not any(row[2] for row in rows)
    return sorted(row[0] for row in rows if row[1]), {row[0]: row[3] for row in rows}


@given(st.data())
@examples(24)
def test_sql_says_what_the_plain_evaluation_says(data):
    name = data.draw(st.sampled_from(lives.ZONES))
    zone = ZoneInfo(name)
    some = data.draw(st.lists(lives.lives(zone), min_size=4, max_size=6))
    now = data.draw(lives.instants(zone))
    past = data.draw(st.booleans())
    names = lives.HISTORY if past else tuple(lives.FIELD_TYPES)
    asked = data.draw(st.lists(lives.rules(names), min_size=6, max_size=6))
    later = data.draw(st.lists(lives.instants(zone), min_size=6, max_size=6))
    with override_settings(BUSINESS_TIME_ZONE=name), _undone():
        lives.set_zone(name)
        ids = lives.put(some)
        for rule in asked:
            parsed = parse(rule)
            assert parse(to_json(parsed)) == parsed
            expected = [
                pk
                for pk, life in zip(ids, some, strict=True)
                if oracle.matches(rule, life, oracle.At(now, zone))
            ]
            found, nexts = _matching(parsed, now, ids, past=past)
            assert found == expected, rule
            assert _matching(parsed, now, ids, past=past, few=False)[0] == expected, rule
            for pk, life in zip(ids, some, strict=True):
                if life.values["known_at"] <= now:
                    _never_late(rule, life, nexts[pk], now, later, zone)


def _never_late(rule, life, next, now, later, zone) -> None:
    """Until the instant that was told, the answer is the one of now."""
    assert next is None or next > now
    answer = oracle.matches(rule, life, oracle.At(now, zone))
    last = [next - oracle.MICRO] if next else []
    moments = {oracle.At(at, zone).start(oracle.At(at, zone).today) for at in later}
    if next is not None and "field" in rule:
        assert oracle.matches(rule, life, oracle.At(next, zone)) != answer, (rule, next)
    for at in [*later, *moments, *last, *(one + timedelta(hours=24) + oracle.MICRO for one in later)]:
        if now < at and (next is None or at < next):
            assert oracle.matches(rule, life, oracle.At(at, zone)) == answer, (rule, at, next)


class _undone:
    """What is written within is rolled back."""

    def __enter__(self):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def __exit__(self, kind, value, traceback):
        if kind is None:
            transaction.set_rollback(True)
        return self.atomic.__exit__(kind, value, traceback)
