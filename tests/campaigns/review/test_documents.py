"""What whole texts are asked for by their channel, and what they may not say against the product's record."""

import pytest

from campaigns.review.wording.check import check
from campaigns.review.wording.documents import Copy
from campaigns.review.wording.sources import load

CN = load("cn")


def whole(text, **known):
    return {one.rule.category for one in check(Copy(text, **known), CN) if one.end == 0}


@pytest.mark.parametrize(
    ("text", "is_marked"),
    [
        ("广告 | 长青稳健季报", True),
        ("【广告】新一期基金月报", True),
        ("本文为广告内容，由长青财富发布", True),
        ("Advertisement\nHow bond funds work", True),
        ("我们从不打广告，只靠口碑", False),
        ("看了别家的广告再来比较", False),
        ("Forget what you saw in an advertisement", False),
    ],
)
def test_only_a_label_marks_an_advertisement(text, is_marked):
    assert ("missing_ad_label" not in whole(text, channel="article")) is is_marked


def test_a_benchmark_stands_in_the_paragraph_of_the_performance():
    shown = "广告\n本基金近一年收益率8.2%"
    assert "past_perf_benchmark_apart" in whole(shown, channel="article")
    assert "past_perf_benchmark_apart" in whole(f"{shown}\n同期业绩比较基准6.1%", channel="article")
    assert "past_perf_benchmark_apart" not in whole(f"{shown}，同期业绩比较基准6.1%", channel="article")
    assert "past_perf_benchmark_apart" not in whole(f"{shown}\n", channel="article", regime="BW")


@pytest.mark.parametrize(
    ("text", "is_short"),
    [
        ("片尾风险提示画面展示3秒", True),
        ("风险提示：展示 5 秒", False),
        ("开场10秒，结尾8秒风险提示字幕", False),
        ("Risk warning card: 2 seconds", True),
        ("Risk warning card: 6 seconds", False),
        ("没有写明时长的风险提示", False),
    ],
)
def test_a_risk_card_of_a_video_is_shown_for_five_seconds(text, is_short):
    assert ("video_warning_too_short" in whole(text, channel="video")) is is_short
    assert "video_warning_too_short" not in whole(text, channel="app")


@pytest.mark.parametrize(
    ("text", "is_other"),
    [
        ("产品期限90天", False),
        ("期限3个月", False),
        ("期限180天", True),
        ("封闭期1年", True),
        ("a term of 90 days", False),
        ("a term of 12 months", True),
        ("季季盈3号", True),
        ("季季盈2号开放申购", False),
        ("没有写明期限", False),
    ],
)
def test_term_and_name_are_those_of_the_record(text, is_other):
    record = {"product_risk": "R2", "product_names": ("季季盈2号", ""), "term_days": 90}
    assert ("product_facts_conflict" in whole(text, **record)) is is_other
    assert "product_facts_conflict" not in whole(text, product_risk="R2")
