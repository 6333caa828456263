"""An estimate from blocks: right where blocks are alike, with an error that grows with their difference."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from members.segments.builder.preview.preview import FEWEST, extrapolate

BLOCKS = st.lists(
    st.integers(1, 40).flatmap(lambda rows: st.tuples(st.just(rows), st.integers(0, rows))),
    min_size=1,
    max_size=60,
)


@given(blocks=BLOCKS, weight=st.integers(1, 50))
def test_an_estimate_is_within_the_possible(blocks, weight):
    looked_at = sum(rows for rows, _matching in blocks)
    count = extrapolate(looked_at * weight, blocks)
    assert 0 <= count.members <= 1.01 * looked_at * weight + 1 or count.below
    assert count.estimated and count.looked_at == looked_at and count.error >= 0


def test_blocks_that_are_alike_leave_no_error_and_clusters_a_large_one():
    assert extrapolate(10_000, [(20, 10)] * 50).error == 0
    mixed = extrapolate(10_000, [(20, 20), (20, 0)] * 25)
    assert mixed.members == 5_000 and mixed.error > 1_000


def test_few_hits_tell_an_upper_bound_only():
    count = extrapolate(1_000_000, [(20, 0)] * 100)
    assert count.below and 1_000 <= count.members <= 2_000
    assert not extrapolate(1_000_000, [(FEWEST, FEWEST)]).below
