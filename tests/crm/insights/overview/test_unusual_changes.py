"""The rule of unusual weeks, on plain counts."""

from datetime import date

import pytest

from crm.insights.overview.unusual_changes import unusual_changes
from members.lifecycle.counts.stage_counts import TransitionTotal


def moves(
    counts: list[int], *, left: str = "growth", entered: str = "decline", sub: str = ""
) -> list[TransitionTotal]:
    """A move's counts by week, the last week first."""
    return [
        TransitionTotal(date(2026, 3, 1), week, left, "", entered, sub, False, count)
        for week, count in enumerate(counts)
        if count
    ]


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ([100, 50, 52, 48, 50, 51, 49, 50, 50], True),
        ([65, 50, 52, 48, 50, 51, 49, 50, 50], False),  # within three times the root of 50
        ([72, 50, 52, 48, 50, 51, 49, 50, 50], True),
        ([28, 50, 52, 48, 50, 51, 49, 50, 50], True),  # too few is unusual as well
        ([100, 20, 80, 30, 90, 10, 70, 60, 40], False),  # it always swings
        ([9, 0, 0, 0, 0, 0, 0, 0, 1], False),  # small counts raise no alarm
        ([10, 0, 0, 0, 0, 0, 0, 0, 1], True),
        ([100, 50, 52, 48, 50, 51, 49, 50, 0], False),  # the record is younger than eight weeks
        ([100, 50, 50, 50, 500, 50, 50, 50, 50], True),  # one wild week does not hide the next
    ],
)
def test_a_week_is_told_when_it_lies_far_from_the_eight_before(counts, told):
    assert bool(unusual_changes(moves(counts))) is told


def test_what_is_told_names_the_usual_and_the_range():
    (one,) = unusual_changes(moves([100, 50, 52, 48, 50, 51, 49, 50, 50]))
    assert (one.left, one.entered, one.entered_sub) == ("growth", "decline", "")
    assert (one.count, one.usual, one.low, one.high, one.change) == (100, 50, 48, 52, 1)


def test_within_decline_each_sub_state_is_a_move_of_its_own_and_the_most_unusual_is_first():
    steady = [10] * 9
    found = unusual_changes(
        moves(steady, left="activation", entered="growth")
        + moves([40, *steady[1:]], left="decline", entered="decline", sub="dormant")
        + moves([90, *steady[1:]], left="decline", entered="decline", sub="churned")
        + moves([90, *steady[1:]], left="activation", entered="activation")
    )
    assert [one.entered_sub for one in found] == ["churned", "dormant"]
