"""The counts of an incentive's effect against a computation in plain Python, and the interval."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.db import connection

from crm.runtime import clock
from members.lifecycle.models import Transition
from members.loyalty.incentives.effects.compare import compare, stays_of, wilson
from members.loyalty.incentives.effects.count_effects import count_effect
from members.loyalty.models import BadgeAward
from members.portfolio.models import Valuation
from tests.crm.cast import NOW, member, move
from tests.members.loyalty.incentives.worlds import approved, badge_draft

DAY = timedelta(days=1)
DAYS, TENURES, ASSETS = 60, (30, 90, 365), (1, 10_000, 50_000, 200_000, 1_000_000)


def band(value, edges):
    return sum(value >= edge for edge in edges)


def stage_at(moves, at, now_stage, *, after):
    """The stage that the first transition from `at` on (or after it) left; that of now without one."""
    for when, left, _entered, gone in moves:
        if not gone and (when > at if after else when >= at):
            return left
    return now_stage


def expected(people, awards):
    """(strata, stays) as the page describes them, member by member."""
    months = {clock.day_of(at).replace(day=1) for at in awards.values() if at + DAYS * DAY <= NOW}
    asked = [
        (pk, True, at, clock.day_of(at).replace(day=1)) for pk, at in awards.items() if at + DAYS * DAY <= NOW
    ]
    for month in months:
        start = clock.day_start(month)
        asked += [
            (pk, False, start, month)
            for pk in people
            if people[pk]["registered"] <= start and (pk not in awards or awards[pk] > start + DAYS * DAY)
        ]
    groups, rows = {}, []
    for pk, had, at, month in asked:
        one = people[pk]
        if stage_at(one["moves"], at, one["stage"], after=False) != "activation":
            continue
        tenure = band((at - one["registered"]) / DAY, TENURES) if one["registered"] <= at else -1
        known = [aum for day, aum in one["values"] if day < clock.day_of(at)]
        key = (month, tenure, band(known[-1] if known else 0, ASSETS))
        reached = [
            when
            for when, _left, entered, gone in one["moves"]
            if entered == "growth" and not gone and at <= when <= at + DAYS * DAY
        ]
        rows.append((key, had, pk, reached[0] if reached else None))
        groups.setdefault(key, [0, 0, 0, 0])
        place = 0 if had else 2
        groups[key][place] += 1
        groups[key][place + 1] += bool(reached)
    strata = {key: counts for key, counts in groups.items() if counts[0]}
    stays = {}
    for key, had, pk, at in rows:
        for days in (90, 180):
            if at and key in strata and at + days * DAY <= NOW:
                one, counts = people[pk], stays.setdefault((had, days), [0, 0])
                counts[0] += 1
                counts[1] += stage_at(one["moves"], at + days * DAY, one["stage"], after=True) == "growth"
    return strata, stays


def someone(rng):
    registered = NOW - rng.randint(20, 700) * DAY
    moved = NOW - rng.randint(1, 500) * DAY
    moves = [(moved, "activation", "growth", False)]
    if rng.random() < 0.5:
        moves.append((moved + rng.randint(10, 200) * DAY, "growth", "decline", rng.random() < 0.3))
    if rng.random() < 0.3:
        moves = []
    moves = [one for one in moves if one[0] <= NOW]
    left = [one for one in moves if not one[3]]
    stage = left[-1][2] if left else "activation"
    row = member(stage=stage, registered_at=registered)
    values = sorted(
        (clock.day_of(NOW - rng.randint(1, 500) * DAY), rng.choice((0, 5000, 60_000))) for _ in "ab"
    )
    values = list(dict(values).items())
    Valuation.objects.bulk_create(Valuation(member=row, date=day, aum=aum) for day, aum in values)
    for when, before, after, gone in moves:
        move(row, before, after, when, superseded_at=NOW if gone else None)
    return row, {"registered": registered, "moves": moves, "stage": stage, "values": values}


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2])
def test_counts_are_those_of_a_computation_member_by_member(seed):
    rng = random.Random(seed)
    version = approved(badge_draft({"field": "tags", "op": "has_any", "value": ["x"]}, effect_days=DAYS))
    people, awards = {}, {}
    for _ in range(60):
        row, facts = someone(rng)
        people[row.pk] = facts
        if rng.random() < 0.5:
            at = NOW - rng.choice((5, 70, 75, 200, 210, 300)) * DAY
            awards[row.pk] = at
            BadgeAward.objects.create(
                member=row,
                incentive=version.incentive,
                version=version,
                at=at,
                brought_by="time",
                recorded_at=NOW,
            )
    strata, stays = expected(people, awards)
    found = count_effect(version, NOW)
    assert {
        (one["month"], one["tenure"], one["aum"]): [
            one["had"],
            one["had_moved"],
            one["others"],
            one["others_moved"],
        ]
        for one in found.strata
    } == {(str(month), *rest): counts for (month, *rest), counts in strata.items()}
    assert sum(counts[1] for counts in strata.values()), "somebody has to have moved"
    for who, had in (("had", True), ("others", False)):
        for one in stays_of(found.stays, who):
            assert [one.members, one.still] == stays.get((had, one.days), [0, 0])
    assert Transition.objects.filter(superseded_at__isnull=False).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM loyalty_incentiveeffect")
        assert cursor.fetchone() == (1,)


def test_the_others_are_weighted_as_those_who_had_it():
    strata = [
        {"had": 30, "had_moved": 15, "others": 100, "others_moved": 20},
        {"had": 10, "had_moved": 1, "others": 10, "others_moved": 5},
        {"had": 7, "had_moved": 7, "others": 0, "others_moved": 0},
    ]
    found = compare(strata)
    assert (found.had, found.had_moved, found.left_out) == (40, 16, 7)
    assert found.others_share == pytest.approx(0.75 * 0.2 + 0.25 * 0.5)
    assert found.low < found.difference < found.high


def test_intervals_are_those_of_newcombe():
    """His example: 56 of 70 against 48 of 80, a difference of 0.2 from 0.0524 to 0.3339."""
    found = compare([{"had": 70, "had_moved": 56, "others": 80, "others_moved": 48}])
    assert found.difference == pytest.approx(0.2)
    assert (found.low, found.high) == (pytest.approx(0.0524, abs=5e-5), pytest.approx(0.3339, abs=5e-5))
    assert wilson(0.0, 10)[0] == 0


def test_without_anybody_to_compare_with_there_is_no_comparison():
    assert compare([]) is None
    assert compare([{"had": 3, "had_moved": 3, "others": 0, "others_moved": 0}]) is None
