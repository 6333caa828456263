"""Counts over several attempts at one file."""

from __future__ import annotations

from crm.imports.loading.result import Result, with_earlier
from crm.imports.models import COUNTS


def counts(result: Result) -> list[int]:
    return [getattr(result, name) for name in COUNTS]


EARLIER = Result(
    read=40, added=30, updated=5, unchanged=3, rejected=2, created={"channels": ["app"]}, cleared={"note": 4}
)


def test_what_an_earlier_attempt_stored_is_still_new():
    own = Result(
        read=100,
        added=55,
        updated=0,
        unchanged=40,
        rejected=5,
        created={"channels": ["web"]},
        cleared={"note": 1},
    )
    both = with_earlier(own, EARLIER)
    assert counts(both) == [100, 85, 5, 5, 5]
    assert both.created == {"channels": ["app", "web"]}
    assert both.cleared == {"note": 5}
    assert with_earlier(own, Result()) is own


def test_until_it_is_as_far_as_before_the_rest_counts_as_it_did():
    for own in (Result(), Result(read=10, unchanged=9, rejected=1)):
        assert counts(with_earlier(own, EARLIER)) == [40, 30, 5, 3, 2]


def test_the_parts_never_exceed_the_whole():
    """A key that stands twice in the file is updated again by each attempt."""
    both = with_earlier(Result(read=40, updated=30, unchanged=8, rejected=2), EARLIER)
    assert counts(both) == [40, 30, 8, 0, 2]
