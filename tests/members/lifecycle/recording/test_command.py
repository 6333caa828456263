"""manage.py restage: its flags, what it prints, how it exits."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from members.lifecycle.counts.as_of import count_as_of
from members.lifecycle.models import Standing, Transition
from tests.members.lifecycle import tables
from tests.members.lifecycle.checks import check_all
from tests.members.lifecycle.crowd import NOW, START, crowd

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people():
    world = crowd(14)
    with (
        tables.platform(str(world.zone), world.policies),
        override_settings(BUSINESS_NOW=NOW.isoformat()),
    ):
        yield world, tables.put_world(world)


def restage(*arguments: str) -> str:
    out = StringIO()
    call_command("restage", *arguments, stdout=out)
    return out.getvalue()


def test_it_stages_what_changed_and_says_how_many(people):
    world, ids = people
    printed = json.loads(restage("--json"))
    assert printed["members"] == 14
    check_all(world, ids, NOW)


def test_in_words_it_names_the_number(people):
    assert "Members: 14" in restage()


def test_verify_passes_when_all_is_right(people):
    restage()
    printed = json.loads(restage("--verify", "--json"))
    assert (printed["members"], printed["differing"]) == (14, 0)


def test_verify_exits_1_when_one_differs(people):
    _, ids = people
    restage()
    Standing.objects.filter(pk=ids[3]).update(stage="maturity", sub_state=None)
    out = StringIO()
    with pytest.raises(SystemExit) as caught:
        call_command("restage", "--verify", "--json", stdout=out)
    assert caught.value.code == 1
    printed = json.loads(out.getvalue())
    assert (printed["members"], printed["differing"]) == (14, 1)
    assert str(ids[3]) in json.dumps(printed)
    assert Standing.objects.get(pk=ids[3]).stage == "maturity", "verify mends nothing"


def test_full_fixes_what_differs(people):
    world, ids = people
    restage()
    Standing.objects.filter(pk=ids[3]).update(stage="maturity", sub_state=None)
    json.loads(restage("--full", "--json"))
    check_all(world, ids, NOW)


def test_as_of_a_day_means_its_end_and_stores_nothing(people):
    """At the end of the first day: two prospects, two registered, ten who bought."""
    printed = json.loads(restage("--as-of", "2024-03-01", "--json"))
    assert present(printed["stages"]) == {"acquisition": 2, "activation": 2, "growth": 10}
    assert not Standing.objects.exclude(evaluated_at=None).exists()
    assert not Transition.objects.exists()


def test_as_of_an_instant(people):
    printed = json.loads(restage("--as-of", START.isoformat(), "--json"))
    assert present(printed["stages"]) == {"acquisition": 14}
    printed = json.loads(restage("--as-of", (START - timedelta(seconds=1)).isoformat(), "--json"))
    assert present(printed["stages"]) == {}


def test_counts_as_of_an_instant_have_stages_and_sub_states(people):
    found = count_as_of(at=NOW)
    assert {stage: counts for stage, counts in found.stages.items() if counts} == {
        "acquisition": {"": 2},
        "activation": {"stalled": 2},
        "decline": {"churned": 2, "dormant": 8},
    }


def present(counts: dict[str, int]) -> dict[str, int]:
    return {stage: number for stage, number in counts.items() if number}


def test_history_writes_the_past(people):
    world, ids = people
    with override_settings(BUSINESS_NOW=(NOW + timedelta(days=30)).isoformat()):
        restage()
        assert not Transition.objects.exists()
        json.loads(restage("--history", "--json"))
    check_all(world, ids, NOW + timedelta(days=30))


@pytest.mark.parametrize(
    "arguments",
    [
        ("--full", "--verify"),
        ("--as-of", "2024-03-01", "--history"),
        ("--as-of", "no day"),
        ("--as-of", ""),
        ("--nonsense",),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(people, arguments):
    with pytest.raises(CommandError) as caught:
        restage(*arguments)
    assert str(caught.value)
    assert not Standing.objects.exclude(evaluated_at=None).exists()
