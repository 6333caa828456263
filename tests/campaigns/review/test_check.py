"""What the wording check finds, and what it passes over, on copy of our own for every category."""

import unicodedata
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.review.wording.check import check
from campaigns.review.wording.documents import Copy
from campaigns.review.wording.packs import Severity
from campaigns.review.wording.sources import load, read_examples
from tests.harness.examples import examples

CN = load("cn")
BAD = [(category, severity, text) for category, severity, text in read_examples("cn") if category]
GOOD = [text for category, _severity, text in read_examples("cn") if not category]


def found(text, **known):
    return {(one.rule.category, str(one.severity)) for one in check(Copy(text, **known), CN)}


@pytest.mark.parametrize("category", sorted({category for category, _severity, _text in BAD}))
def test_copy_that_breaks_a_rule_is_found_under_its_category_and_severity(category):
    missed = [
        (severity, text, found(text))
        for name, severity, text in BAD
        if name == category and (category, severity) not in found(text)
    ]
    assert missed == []


def test_copy_that_breaks_none_has_no_finding():
    flagged = {text: found(text) for text in GOOD if found(text)}
    assert flagged == {}


TRAPS = {
    "本产品不保本": False,
    "本产品不仅保本，还有分红": True,
    "没有哪款产品比它更保本": True,
    "谁说理财不能保本？": True,
    "不保证收益，但绝对不会亏": True,
    "任何人都不能保证不亏": False,
    "警惕“保本高收益”的骗局": False,
    "别家的保本都是骗局，我们的才是真保本": True,
    "警惕骗局！我们的产品保本保息": True,
    "保本理财真的存在吗？": False,
    "想要保本又高收益的理财吗？": True,
    "Returns are not guaranteed.": False,
    "Not only guaranteed, but paid monthly": True,
    "We never promise guaranteed returns.": False,
}


@pytest.mark.parametrize(("text", "is_broken"), TRAPS.items())
def test_negation_and_its_traps(text, is_broken):
    assert any(severity == "block" for _category, severity in found(text)) is is_broken


WORDS = ["保本保息", "零风险", "稳赚不赔", "刚性兑付", "预期年化收益率", "内幕消息", "最佳", "返现"]
DISGUISES = {
    "zero width": "\u200b".join,
    "stars": "*".join,
    "dots": "·".join,
    "blanks": " ".join,
    "emoji": "\N{SMILING FACE WITH SMILING EYES}".join,
    "commas": "，".join,
    "soft hyphens": "\u00ad".join,
    "variation selectors": "\ufe0f".join,
}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_disguised_word_is_found_where_it_was_written_and_weighs_a_step_more(disguise):
    for word in WORDS:
        if len(word) < 3 and disguise == "commas":
            continue
        written = DISGUISES[disguise](word)
        text = f"这款产品{written}，请看"
        findings = [one for one in check(Copy(text), CN) if one.severity is Severity.BLOCK]
        assert findings, text
        for one in findings:
            assert one.evasion
            assert set(text[one.start : one.end]) & set(word)


PINYIN = [
    "这款baoben产品",
    "bǎoběn产品",
    "bao本",
    "wen zhuan bu pei",
    "零feng险",
    "ling feng xian",
    "fanxian",
]
CARRIED_OVER = ["本-\n金有保障", "全程保-\n  本", "Your returns are guaran-\nteed"]
DIGITS = ["gu@rant33d returns", "guаranteed returns", "葆本保息", "穩賺不賠", "０风险"]  # noqa: RUF001 - they are meant


@pytest.mark.parametrize("text", [*PINYIN, *CARRIED_OVER, *DIGITS])
def test_pinyin_digits_and_look_alikes_are_read(text):
    assert any(severity == "block" for _category, severity in found(text))


@given(
    st.sampled_from(WORDS),
    st.lists(st.sampled_from("\u200b*·-_~😀\ufeff"), min_size=9, max_size=9),
    st.text(st.sampled_from("的了在投资人们今天，。 aR2\u200bＡ"), max_size=12),
    st.text(st.sampled_from("的了在投资人们今天，。 aR2\u200bＡ"), max_size=12),
)
@examples(60)
def test_a_span_holds_the_word_that_was_found(word, between, before, after):
    disguised = "".join(sign + gap for sign, gap in zip(word, between, strict=False))[: 2 * len(word) - 1]
    text = f"{before}。{disguised}。{after}"
    spans = [
        text[one.start : one.end]
        for one in check(Copy(text), CN)
        if before and one.start >= len(before) or not before
    ]
    kept = ["".join(sign for sign in unicodedata.normalize("NFKC", span) if sign in word) for span in spans]
    assert any(len(one) >= 2 and one in word for one in kept), (text, spans)


@given(st.text(max_size=200))
@examples(100)
def test_any_text_is_checked_and_its_spans_lie_within_it(text):
    for one in check(Copy(text, product_risk="R2", channel="sms"), CN):
        assert 0 <= one.start <= one.end <= len(text)


def test_what_a_text_about_a_product_lacks():
    assert found("本产品由某某理财有限公司发行，风险等级R2", product_risk="R2") == {
        ("missing_risk_warning", "require_disclosure")
    }
    assert found("产品有风险，投资须谨慎", product_risk="R2") == {("missing_issuer", "require_disclosure")}
    assert found("产品有风险，投资须谨慎") == set()


def test_a_rating_below_that_of_the_product_blocks():
    text = "某某基金管理有限公司，风险等级R2，基金有风险，投资须谨慎"
    assert found(text, product_risk="R2") == set()
    assert found(text, product_risk="R3") == {("rating_conflict", "block")}
    in_words = "某某基金管理有限公司，风险等级：低风险，基金有风险，投资须谨慎"
    assert found(in_words, product_risk="R3") == {("rating_conflict", "block")}
    assert found(in_words, product_risk="R1") == set()


def test_a_channel_asks_for_its_own():
    assert found("您好", channel="sms") == {("missing_opt_out", "block"), ("missing_sender", "block")}
    assert found("【某某银行】您好，拒收请回复R", channel="sms") == set()
    assert found("您好", channel="article") == {("missing_ad_label", "require_disclosure")}


def test_haste_blocks_for_funds_and_warns_elsewhere():
    assert found("限时抢购") == {("urgency", "warn")}
    assert found("限时抢购", regime="FS") == {("urgency", "block")}


def test_every_category_has_a_rule_and_a_basis_and_only_what_was_read_is_law():
    of_rules = {rule.category for rule in (*CN.rules, *CN.documents)}
    assert {
        "guarantee risk_free inducing_term expected_yield forecast past_performance benchmark_misuse ranking "
        "superlative unsupported_praise testimonial state_endorsement urgency herding inducement comparison "
        "deposit_analogy vulnerable_targeting insider_tip private_offer borrow_to_invest illegal_finance "
        "missing_risk_warning missing_issuer"
    } and of_rules <= set(CN.bases)
    grades = defaultdict(set)
    for entries in CN.bases.values():
        for one in entries:
            grades[one.is_law].add(one.grade)
    assert grades[True] <= {"A", "B"}
    assert grades[False] <= {"C", "D"}


def test_an_email_names_its_sender_and_a_contact():
    assert ("missing_sender", "block") in found("New funds are available. Unsubscribe here.", channel="email")
    assert found("Example Bank plc, call us on 020 1234. Unsubscribe here.", channel="email") == set()


def test_a_line_of_latin_words_goes_on_in_the_next_one():
    assert ("guarantee", "block") in found("Guaranteed\nreturns every year")


def test_a_testimonial_weighs_less_abroad():
    text = "As recommended by leading professors"
    assert {str(one.severity) for one in check(Copy(text), load("intl"))} == {"require_disclosure"}
    assert {str(one.severity) for one in check(Copy(text), CN)} == {"block"}
