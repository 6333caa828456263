"""The pattern language: what a pattern matches, what it is anchored by, what is refused."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.review.wording.expressions import BadPattern
from campaigns.review.wording.index import Index
from campaigns.review.wording.patterns import compile_pattern, sentences
from campaigns.review.wording.sources import load
from tests.harness.examples import examples

MATCHES = {
    "保(本|息)": (["保本", "保息"], ["保险"]),
    "保证~6收益": (["保证收益", "保证您的收益"], ["保证。收益", "保证一二三四五六七收益"]),
    "保证~~6收益": (["保证,收益"], ["保证。收益"]),
    "近{num}个月": (["近三个月", "近 3 个月"], ["近个月"]),
    "{pct}收益": (["5%收益", "百分之五收益", "5个点收益"], ["5收益"]),
    "returns?": (["a return", "two returns"], ["returned", "areturn"]),
    "doubl* your money": (["doubling your money", "double your  money"], ["double money"]),
    r"a\(b\)": (["a(b)"], ["ab"]),
    "(超|极)?高": (["高", "超高"], ["低"]),
}


@pytest.mark.parametrize("source", MATCHES)
def test_what_a_pattern_matches(source):
    pattern = compile_pattern(source)
    good, bad = MATCHES[source]
    assert all(pattern.regex.search(text) for text in good)
    assert not any(pattern.regex.search(text) for text in bad)


@pytest.mark.parametrize("source", ["保(本", "保本)", "保~本", "{none}", "{pct"])
def test_what_cannot_be_read_is_refused_with_its_place(source):
    with pytest.raises(BadPattern, match=re.escape(repr(source))):
        compile_pattern(source)


ALL = [pattern for rule in load("cn").rules for pattern in rule.patterns]


@given(st.sampled_from(ALL), st.data())
@examples(150)
def test_whatever_a_pattern_matches_holds_its_anchors(pattern, data):
    text = data.draw(st.from_regex(pattern.regex))
    if pattern.regex.search(text):
        assert pattern.may_match(text)
        index = Index([("key", pattern)])
        assert any(index.candidates(text, list(sentences(text)))) or pattern.regex.search(text).group() == ""
