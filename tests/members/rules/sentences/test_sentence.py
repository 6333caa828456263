"""Rules read aloud, in both languages."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from members.rules.language.parse import parse
from members.rules.language.to_json import to_json
from members.rules.sentences import parts, sentence


def field(name, operator, *value) -> dict:
    return {"field": name, "op": operator} | ({"value": value[0]} if value else {})


def did(name, **more) -> dict:
    return {"did": name, **more}


MONTH = {"within_last": {"days": 30}}
BUY = [{"property": "kind", "op": "=", "value": "buy"}, {"property": "amount", "op": ">=", "value": 50_000}]
SAID = [
    (
        {"all": [field("stage", "in", ["growth", "maturity"]), field("aum", ">=", 200_000),
                 field("last_login", "more_than_ago", {"days": 30})]},
        "Stage is Growth or Maturity; assets at least ¥200,000; and last login more than 30 days ago",
        "阶段为成长或成熟；资产规模不低于 ¥20万；且最近登录距今超过 30 天",
    ),
    (
        {"all": [field("aum", ">=", 1_000_000), did("login", never=True, period=MONTH)]},
        "Assets at least ¥1,000,000, and has not logged in in the last 30 days",
        "资产规模不低于 ¥100万，且近 30 天内未登录",
    ),
    ({"not": did("login")}, "Has never logged in", "从未登录"),
    (field("registered_at", "within_last", {"days": 3}), "Registered in the last 3 days", "近 3 天内注册"),
    (field("registered_at", "within_last", {"days": 0}), "Registered today", "今天注册"),
    (field("first_invested", "more_than_ago", {"hours": 24}), "First invested more than 24 hours ago",
     "首次投资已超过 24 小时"),
    (field("registered_at", "on", "2026-11-28"), "Registered on 28 Nov 2026", "2026-11-28 注册"),
    (field("registered_at", "before", "2026-11-28"), "Registered before 28 Nov 2026", "2026-11-28 之前注册"),
    (field("registered_at", "on_or_after", "2026-11-28"), "Registered on or after 28 Nov 2026",
     "2026-11-28 及之后注册"),
    (field("registered_at", "between", ["2026-11-01", "2026-11-28"]),
     "Registered from 1 Nov 2026 to 28 Nov 2026", "2026-11-01 至 2026-11-28 注册"),
    (field("next_maturity", "within_next", {"days": 7}), "Product matures in the next 7 days",
     "未来 7 天内产品到期"),
    (
        {"not": field("risk_class", "in", ["C4", "C5"])},
        "Not (risk class is C4 or C5), including members without risk class",
        "不满足（风险承受能力为C4或C5），含无风险承受能力记录的会员",
    ),
    (
        field("risk_class", "not_in", ["C4", "C5"]),
        "Risk class is on record and not C4 or C5",
        "风险承受能力有记录且不为C4或C5",
    ),
    (
        did("transaction", where=BUY, period={"within_last": {"days": 90}}, times={"op": ">=", "value": 3}),
        "Made a transaction (type is Buy; amount at least ¥50,000) at least 3 times in the last 90 days",
        "近 90 天内发生交易（类型为申购；金额不低于 ¥5万）至少 3 次",
    ),
    (
        did("transaction", period=MONTH, sum={"property": "amount", "op": "<", "value": 12_345}),
        "Transaction in the last 30 days: total amount less than ¥12,345 (none counts as 0)",
        "近 30 天内交易的金额合计低于 ¥12,345（无记录按 0 计）",
    ),
    (
        did("login", times={"op": "<", "value": 3}, period={"since": "2026-11-01"}),
        "Logged in fewer than 3 times since 1 Nov 2026 (none included)",
        "自 2026-11-01 起登录少于 3 次（含 0 次）",
    ),
    (
        did("login", last={"op": "more_than_ago", "value": {"hours": 48}}),
        "Last logged in more than 48 hours ago",
        "最近一次登录距今超过 48 小时",
    ),
    (
        {"change": "aum", "direction": "fell", "by": {"share": "0.3"}, "within": {"days": 14}},
        "Assets fell by at least 30% within 14 days",
        "资产规模在 14 天内下降 30% 及以上",
    ),
    (
        {"any": [field("stage", "=", "activation"),
                 {"all": [field("stage", "=", "growth"), field("warned", "is", False)]}]},
        "Stage is Activation, or (stage is Growth, and without warnings)",
        "阶段为激活，或（阶段为成长，且无预警）",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "english", "chinese"), SAID, ids=[english for _rule, english, _zh in SAID])
def test_a_rule_reads_well(rule, english, chinese):
    said = {}
    for language in ("en", "zh-hans"):
        with override(language):
            said[language] = sentence(parse(rule))
    assert said == {"en": english, "zh-hans": chinese}


def test_lines_are_nested_as_the_rule_is():
    line = parts(parse({"all": [field("aum", ">", 1), {"not": field("risk_class", "=", "C1")}]}))
    assert (line.kind, line.path, [one.kind for one in line.lines]) == ("all", "$", ["condition", "not"])
    assert line.lines[1].text == "Not, including members without risk class:"
    assert line.lines[1].lines[0].path == "$.all[1].not"


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (0.005, "¥0.005", "¥0.005"),
        (0.5, "¥0.50", "¥0.50"),
        ("1234.10", "¥1,234.10", "¥1,234.10"),
        ("0.00000001", "¥0.00000001", "¥0.00000001"),
        ("-20000", "−¥20,000", "−¥2万"),
        (12345, "¥12,345", "¥12,345"),
        (123_450_000, "¥123,450,000", "¥1.2345亿"),
        (123_456_789, "¥123,456,789", "¥123,456,789"),
        ("123456789012345678.1234567890123456", *["¥123,456,789,012,345,678.1234567890123456"] * 2),
    ],
)
def test_an_amount_is_told_as_it_is_asked(value, english, chinese):
    rule = parse({"field": "aum", "op": "=", "value": value})
    assert parse(to_json(rule)) == rule
    assert sentence(rule) == f"Assets exactly {english}"
    with override("zh-hans"):
        assert chinese in sentence(rule)


@pytest.mark.parametrize(
    ("share", "told"), [(0.3055, "30.55%"), ("0.000001", "0.0001%"), (1, "100%"), (0.3, "30%")]
)
def test_a_share_is_told_as_it_is_asked(share, told):
    rule = {"change": "aum", "direction": "fell", "by": {"share": share}, "within": {"days": 14}}
    assert sentence(parse(rule)) == f"Assets fell by at least {told} within 14 days"


def test_a_number_has_no_exponent():
    assert sentence(parse({"field": "product_count", "op": "<", "value": "0.0000001"})).endswith("0.0000001")
