"""Where tiers show: in rules and lists, in the timeline, in sentences of both languages."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.utils import translation

from members.loyalty.tiers import timeline
from members.loyalty.tiers.explain import explain
from members.loyalty.tiers.sentences.explanation import explanation_sentences
from members.profiles.timeline.registry import Row
from members.rules.ask import changes_next, everybody, ids
from members.rules.language.parse import parse
from tests.members.loyalty.tiers.worlds import instant, kept, person, policy, programme, value

pytestmark = pytest.mark.django_db
START = date(2026, 1, 1)
TODAY = date(2026, 3, 10)


@pytest.fixture
def gold():
    made = programme()
    policy(made, START)
    member = person(START, {START: 8000, date(2026, 3, 1): 1000})
    person(START)
    kept(TODAY)
    return made, member


def test_the_tier_is_a_field_of_rules(gold):
    _made, member = gold
    rule = parse({"field": "tier", "op": "in", "value": ["gold", "black"]})
    assert ids(everybody(rule, instant(TODAY))) == [member.pk]
    assert changes_next(everybody(rule, instant(TODAY))).date() < date(2026, 4, 1)
    falls = parse({"field": "tier_falls_on", "op": "present"})
    assert ids(everybody(falls, instant(TODAY))) == [member.pk]


def test_what_keeps_and_what_raises_it(gold):
    """March has 9,000 in 9 days; 5,000 on average asks for 6,636.37 on each of its 22 other days."""
    made, member = gold
    found = explain(member.pk, made.pk, now=instant(TODAY))
    [keep], [reach] = found.to_keep, found.to_reach
    assert (str(keep.hold), str(keep.short), keep.decided_on) == ("6636.37", "5636.37", date(2026, 4, 1))
    assert (reach.tier.rank, str(reach.hold)) == (3, "27772.73")
    value(member, {date(2026, 3, 10): "6636.37"})
    kept(date(2026, 4, 1))
    assert explain(member.pk, made.pk, now=instant(date(2026, 4, 1))).standing.tier.rank == 2


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["gold since", "Falls to silver on", "To keep gold: add", "To reach black on"]),
        ("zh-hans", ["起为gold", "将于", "保级gold", "升至black"]),
    ],
)
def test_it_is_said_in_sentences(gold, language, words):
    made, member = gold
    with translation.override(language):
        said = explanation_sentences(explain(member.pk, made.pk, now=instant(TODAY)))
    for one, word in zip(said, words, strict=True):
        assert word in one


def test_an_average_that_nothing_can_undo_asks_for_nothing_more():
    made = programme()
    policy(made, START)
    member = person(START, {START: 8000, date(2026, 3, 1): 900_000})
    kept(TODAY)
    with translation.override("en"):
        said = explanation_sentences(explain(member.pk, made.pk, now=instant(TODAY)))
    assert [one.endswith("reached, whatever is held until then.") for one in said] == [False, True, True]
    assert not any("at least ¥0" in one for one in said)


def test_the_timeline_says_why(gold):
    _made, member = gold
    [source] = timeline.SOURCES
    with connection.cursor() as cursor:
        cursor.execute(source.sql() + " ORDER BY at DESC", {"member": member.pk})
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    assert [row["kind"] for row in rows] == ["reached", "entered"]
    with translation.override("en"):
        entry = source.entry(Row(**{**rows[0], "source": source.key}), None)
    assert "base → gold" in str(entry)
    assert "8,000" in str(entry)
