"""A text in pieces: nothing of it is lost, the heaviest finding colours it, each number stands once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from campaigns.review.text.marked import Mark, pieces
from campaigns.review.wording.packs import Severity
from tests.harness.examples import examples

TEXTS = st.text("本金无忧 {}a.🙂%\n", max_size=40)


@st.composite
def marked(draw) -> tuple[str, list[Mark]]:
    text = draw(TEXTS)
    places = st.integers(0, len(text) + 2)
    spans = draw(st.lists(st.tuples(st.sampled_from(list(Severity)), places, places), max_size=6))
    return text, [Mark(number, severity, *sorted(span)) for number, (severity, *span) in enumerate(spans, 1)]


@examples(30)
@given(marked())
def test_pieces_are_the_text_and_each_finding_ends_once(case):
    text, marks = case
    cut = pieces(text, marks)
    assert "".join(piece.text for piece in cut) == text
    shown = [one.number for one in marks if one.start < one.end <= len(text)]
    assert sorted(mark.number for piece in cut for mark in piece.ends) == shown


def test_where_findings_overlap_the_heaviest_counts():
    cut = pieces("本金无忧，放心", [Mark(1, "warn", 0, 7), Mark(2, "block", 0, 4)])
    assert [(piece.text, piece.severity, piece.number) for piece in cut] == [
        ("本金无忧", "block", 2),
        ("，放心", "warn", 1),
    ]
    assert [[mark.number for mark in piece.ends] for piece in cut] == [[2], [1]]


def test_variables_are_told_apart_also_within_a_finding():
    cut = pieces("您好{{ name }}，稳赚", [Mark(1, "block", 2, 14)])
    assert [piece.text for piece in cut if piece.is_liquid] == ["{{ name }}"]
    assert all(piece.severity for piece in cut if piece.is_liquid)
