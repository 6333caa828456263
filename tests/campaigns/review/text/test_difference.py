"""What changed between two texts: both can be read from it, and it is told in phrases."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from campaigns.review.text.difference import GONE, NEW, SAME, difference, shortened
from tests.harness.examples import examples

TEXTS = st.text("理财非存款，产品有风险 {{ a }}ab5.2%\n", max_size=60)


@examples(30)
@given(TEXTS, TEXTS)
def test_old_and_new_can_be_read_from_it(old, new):
    changes = difference(old, new)
    assert "".join(one.text for one in changes if one.kind != NEW) == old
    assert "".join(one.text for one in changes if one.kind != GONE) == new


def test_a_changed_phrase_is_one_change():
    changes = difference(
        "将于{{ due_on }}到期。业绩比较基准2.8%-3.4%，理财非存款，点击续投。",
        "将于{{ due_on }}到期。近一月年化5.2%，本 金 无 忧，点击续投。",
    )
    assert [one.kind for one in changes] == [SAME, GONE, NEW, SAME]
    assert changes[0].text == "将于{{ due_on }}到期。"


def test_a_variable_and_a_number_change_as_a_whole():
    changes = difference("于{{ due_on }}向您返还100.50元", "于{{ due_day }}向您返还100.60元")
    assert [one.text for one in changes if one.kind == NEW] == ["{{ due_day }}", "100.60"]


def test_unchanged_stretches_are_cut_between_changes():
    same = "一二三四五六七八九十" * 6
    cut = shortened(difference(f"旧{same}尾", f"新{same}"))
    assert [one.kind for one in cut] == [GONE, NEW, SAME, GONE]
    assert cut[2].text.count("……") == 1 and len(cut[2].text) < len(same)
