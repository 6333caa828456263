"""Every mistake of a rule is told at its JSON path, with what would be right."""

from __future__ import annotations

import json

import pytest
from django.utils.translation import override

from crm.runtime.errors import error_text
from members.rules.catalogue.fields import fields
from members.rules.catalogue.types import Type
from members.rules.language.errors import MOST_MISTAKES, BadRules, Mistake
from members.rules.language.json_text import LONGEST, read_json
from members.rules.language.near import listed, nearest
from members.rules.language.parse import parse
from members.rules.sentences.errors import ERRORS

REGION = {"field": "t_region", "op": "=", "value": "上海"}


def field(name, operator, *value) -> dict:
    return {"field": name, "op": operator} | ({"value": value[0]} if value else {})


def did(**more) -> dict:
    return {"did": "t_trade", **more}


def sums(value, operator=">=", property="amount") -> dict:
    return did(sum={"property": property, "op": operator, "value": value})


def where(property, **compared) -> dict:
    return did(where=[{"property": property, **compared}])


def nested(levels: int) -> dict:
    rule = REGION
    for _level in range(levels - 1):
        rule = {"not": rule}
    return rule


FALL = {"change": "t_assets", "direction": "fell", "by": {"share": 0.3}, "within": {"days": 14}}
BAD = [
    (None, "$", Mistake.NOT_A_RULE),
    ([REGION], "$", Mistake.NOT_A_RULE),
    ("stage", "$", Mistake.NOT_A_RULE),
    ({}, "$", Mistake.NOT_A_RULE),
    ({"all": [REGION], "any": [REGION]}, "$", Mistake.NOT_A_RULE),
    ({"all": []}, "$.all", Mistake.EMPTY),
    ({"any": {}}, "$.any", Mistake.EMPTY),
    ({"all": [REGION], "note": 1}, "$.note", Mistake.UNKNOWN_KEY),
    ({"all": [REGION, {"any": [1]}]}, "$.all[1].any[0]", Mistake.NOT_A_RULE),
    ({"not": [REGION]}, "$.not", Mistake.NOT_A_RULE),
    (nested(9), "$" + ".not" * 8, Mistake.TOO_DEEP),
    ({"all": [REGION] * 61}, "$.all[60]", Mistake.TOO_MANY),
    ({"field": "t_region"}, "$", Mistake.MISSING_KEY),
    (field("t_regoin", "=", "x"), "$.field", Mistake.UNKNOWN_FIELD_NEAR),
    (field("zzzzzzzz", "=", "x"), "$.field", Mistake.UNKNOWN_FIELD),
    (field(["t_region"], "=", "x"), "$.field", Mistake.UNKNOWN_FIELD),
    (field("t_region", "like", "x"), "$.op", Mistake.UNKNOWN_OPERATOR),
    (field("t_region", None, "x"), "$.op", Mistake.UNKNOWN_OPERATOR),
    (field("t_class", "starts_with", "C"), "$.op", Mistake.UNKNOWN_OPERATOR),
    (field("mobile", "=", "13800001111"), "$.op", Mistake.UNKNOWN_OPERATOR),
    (field("t_region", "="), "$", Mistake.MISSING_KEY),
    (field("t_region", "missing", True), "$.value", Mistake.TAKES_NO_VALUE),
    (field("t_region", "=", 3), "$.value", Mistake.NOT_TEXT),
    (field("t_region", "=", ""), "$.value", Mistake.BAD_TEXT),
    (field("t_region", "=", "a\0b"), "$.value", Mistake.BAD_TEXT),
    (field("t_region", "=", "\ud800"), "$.value", Mistake.BAD_TEXT),
    (field("t_region", "=", "x" * 10_000_000), "$.value", Mistake.TOO_LONG),
    (field("t_region", "in", "上海"), "$.value", Mistake.NOT_A_LIST),
    (field("t_region", "in", []), "$.value", Mistake.NOT_A_LIST),
    (field("t_region", "in", ["x"] * 1001), "$.value", Mistake.TOO_LONG),
    ({"all": [REGION, field("t_class", "in", ["C9"])]}, "$.all[1].value[0]", Mistake.NOT_CHOSEN),
    (field("t_class", "=", "C9"), "$.value", Mistake.NOT_CHOSEN),
    (field("t_horizon", "=", True), "$.value", Mistake.NOT_A_NUMBER),
    (field("t_horizon", "=", "1e3"), "$.value", Mistake.NOT_A_NUMBER),
    (field("t_horizon", "=", None), "$.value", Mistake.NOT_A_NUMBER),
    (field("t_horizon", "=", float("nan")), "$.value", Mistake.NUMBER_RANGE),
    (field("t_horizon", "=", float("inf")), "$.value", Mistake.NUMBER_RANGE),
    (field("t_horizon", "=", 10**5000), "$.value", Mistake.NUMBER_RANGE),
    (field("t_horizon", "between", [1]), "$.value", Mistake.NOT_A_PAIR),
    (field("t_horizon", "between", [1, "b"]), "$.value[1]", Mistake.NOT_A_NUMBER),
    (field("t_horizon", "between", [2, 1]), "$.value", Mistake.LOW_ABOVE_HIGH),
    (field("t_born", "on", "2026-02-30"), "$.value", Mistake.NOT_A_DAY),
    (field("t_born", "on", "20260228"), "$.value", Mistake.NOT_A_DAY),
    (field("t_born", "on", "２０２６-02-28"), "$.value", Mistake.NOT_A_DAY),
    (field("t_born", "on", "9999-12-31"), "$.value", Mistake.DAY_RANGE),
    (field("t_born", "between", ["2026-03-01", "2026-02-01"]), "$.value", Mistake.LOW_ABOVE_HIGH),
    (field("t_born", "within_last", 30), "$.value", Mistake.NOT_A_SPAN),
    (field("t_born", "within_last", {"days": 1, "hours": 1}), "$.value", Mistake.NOT_A_SPAN),
    (field("t_born", "within_last", {"hours": 1}), "$.value.hours", Mistake.NO_HOURS),
    (field("t_born", "within_last", {"days": -1}), "$.value.days", Mistake.SPAN_RANGE),
    (field("t_born", "within_last", {"days": 1.5}), "$.value.days", Mistake.SPAN_RANGE),
    (field("t_born", "within_last", {"days": 10**9}), "$.value.days", Mistake.SPAN_RANGE),
    (field("t_registered_at_all", "is", 1), "$.value", Mistake.NOT_A_FLAG),
    ({"did": "t_tarde"}, "$.did", Mistake.UNKNOWN_ACTIVITY),
    (did(more=1), "$.more", Mistake.UNKNOWN_KEY),
    (did(never=True, times={"op": "=", "value": 1}), "$", Mistake.ONE_MEASURE),
    (did(never=False), "$.never", Mistake.NOT_CHOSEN),
    (did(times=3), "$.times", Mistake.NOT_A_RULE),
    (did(times={"op": ">="}), "$.times", Mistake.MISSING_KEY),
    (did(times={"op": "on", "value": 1}), "$.times.op", Mistake.UNKNOWN_OPERATOR),
    (did(times={"op": "=", "value": 1.5}), "$.times.value", Mistake.NOT_WHOLE),
    (did(times={"op": "=", "value": -1}), "$.times.value", Mistake.NOT_WHOLE),
    (did(times={"op": "between", "value": [1, 1.5]}), "$.times.value[1]", Mistake.NOT_WHOLE),
    (sums("x"), "$.sum.value", Mistake.NOT_A_NUMBER),
    (sums(1, property="matures_on"), "$.sum.property", Mistake.UNKNOWN_PROPERTY),
    ({"did": "t_event", "sum": {"property": "name", "op": "=", "value": 1}}, "$.sum.property",
     Mistake.NOT_SUMMED),
    (did(last={"op": "within_next", "value": {"days": 1}}), "$.last.op", Mistake.UNKNOWN_OPERATOR),
    (did(where={}), "$.where", Mistake.NOT_A_LIST),
    (did(where=[1]), "$.where[0]", Mistake.NOT_A_RULE),
    (did(where=[{"property": "amount", "op": "=", "value": 1}] * 11), "$.where", Mistake.TOO_MANY_PROPERTIES),
    (where("amuont", op="=", value=1), "$.where[0].property", Mistake.UNKNOWN_PROPERTY),
    (where("amount.x", op="=", value=1), "$.where[0].property", Mistake.UNKNOWN_PROPERTY),
    (where("amount", op="in", value=[1]), "$.where[0].op", Mistake.UNKNOWN_OPERATOR),
    ({"did": "t_event", "where": [{"property": "properties", "op": "present"}]}, "$.where[0].property",
     Mistake.NO_KEY),
    *(
        ({"did": "t_event", "where": [{"property": "properties.page", "op": operator, "value": value}]},
         "$.where[0].value", Mistake.NOT_TEXT)
        for operator, value in (("starts_with", 5), ("contains", True), ("contains", 1.5))
    ),
    (did(period={}), "$.period", Mistake.UNKNOWN_PERIOD),
    (did(period={"after": "2026-01-01"}), "$.period.after", Mistake.UNKNOWN_PERIOD),
    (did(period={"since": 5}), "$.period.since", Mistake.NOT_A_DAY),
    (FALL | {"change": "t_asset"}, "$.change", Mistake.UNKNOWN_MEASURE),
    (FALL | {"direction": "up"}, "$.direction", Mistake.NOT_CHOSEN),
    (FALL | {"by": {"share": 0}}, "$.by.share", Mistake.SHARE_RANGE),
    (FALL | {"by": {"share": 1.5}}, "$.by.share", Mistake.SHARE_RANGE),
    (FALL | {"by": {"amount": -5}}, "$.by.amount", Mistake.AMOUNT_RANGE),
    (FALL | {"by": 0.3}, "$.by", Mistake.NOT_CHOSEN),
    (FALL | {"within": {"hours": 5}}, "$.within.hours", Mistake.NO_HOURS),
    (FALL | {"within": {"days": 0}}, "$.within.days", Mistake.SPAN_RANGE),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "path", "code"), BAD, ids=[f"{code}-{path}" for _rule, path, code in BAD])
def test_a_mistake_is_told_at_its_path_in_both_languages(rule, path, code):
    with pytest.raises(BadRules) as caught:
        parse(rule)
    mistake = caught.value.mistakes[0]
    assert (mistake.path, mistake.code) == (path, code)
    messages = set()
    for language in ("en", "zh-hans"):
        with override(language):
            messages.add(error_text(mistake))
    assert len(messages) == 2
    assert max(map(len, messages)) < 1_000


def test_every_mistake_has_a_sentence():
    assert set(ERRORS) == set(Mistake)


def test_what_is_at_the_limit_is_taken():
    parse(nested(8))
    parse({"all": [REGION] * 60})


def test_all_mistakes_are_told_at_once_but_not_more_than_anybody_reads():
    wrong = field("t_region", "=", 3)
    with pytest.raises(BadRules) as caught:
        parse({"all": [wrong, REGION, {"not": wrong}]})
    assert [one.path for one in caught.value.mistakes] == ["$.all[0].value", "$.all[2].not.value"]
    with pytest.raises(BadRules) as caught:
        parse({"all": [wrong] * 50})
    assert len(caught.value.mistakes) == MOST_MISTAKES


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", Mistake.NOT_JSON),
        ("{", Mistake.NOT_JSON),
        (b"\xff\xfe\xff", Mistake.NOT_JSON),
        ("[" * 200_000, Mistake.TOO_DEEP),
        ('"' + "x" * LONGEST + '"', Mistake.TOO_LONG),
    ],
    ids=["nothing", "half", "bytes", "deep", "long"],
)
def test_what_is_no_json_is_told_so(text, code):
    with pytest.raises(BadRules) as caught:
        read_json(text)
    assert caught.value.mistakes[0].code == code


@pytest.mark.parametrize(
    "number",
    ["1e400", "-1e999999999", "NaN", "Infinity", "1e-400", f"1e{'9' * 20}", f"-1e-{'9' * 20}", "9" * 5_000],
    ids=["large", "low", "nan", "infinite", "small", "beyond", "below", "digits"],
)
def test_numbers_that_nothing_can_be(number):
    with pytest.raises(BadRules) as caught:
        parse(read_json(json.dumps(field("t_horizon", "=", 1)).replace("1", number)))
    assert [(one.path, one.code) for one in caught.value.mistakes] == [("$.value", Mistake.NUMBER_RANGE)]


def test_a_key_that_stands_twice_is_told():
    text = json.dumps({"all": [REGION]}).replace('"op"', '"op": "!=", "op"')
    with pytest.raises(BadRules) as caught:
        parse(read_json(text))
    assert [(one.path, one.code) for one in caught.value.mistakes] == [("$.all[0]", Mistake.TWICE)]


def test_rules_that_lead_back_to_each_other_are_refused(monkeypatch):
    stored = {
        "a": field("t_in", "has_any", ["b"]),
        "b": {"not": field("t_in", "has_any", ["a"])},
        "c": REGION,
    }
    from tests.members.rules.catalogue import field as described

    entry = described("t_in", Type.SET, "m.tags", references=lambda value: [stored[value]])
    monkeypatch.setitem(fields._entries, "t_in", entry)
    parse(field("t_in", "has_any", ["c"]))
    with pytest.raises(BadRules) as caught:
        parse({"all": [REGION, field("t_in", "has_any", ["c", "a"])]})
    assert [(one.path, one.code) for one in caught.value.mistakes] == [("$.all[1].value", Mistake.CYCLE)]


def test_what_would_be_right_is_told_nearest_first_then_by_alphabet():
    assert listed(["maturity", "growth", "decline", "acquisition"], "growing") == (
        "growth, acquisition, decline, maturity"
    )
    names = [f"name_{number:02}" for number in range(30, 0, -1)]
    assert listed(names, "x").split(", ") == [*sorted(names)[:20], "…"]
    assert listed(names, "name_29").split(", ")[0] == "name_29"
    assert listed([*names, "zeal"], "zeel").startswith("zeal, name_01, name_02, ")
    assert nearest("aab", ["aac", "aad", "aaa"]) == "aaa"
    assert nearest("c4", ["C1", "C4"]) == "C4"
    assert listed(["b", "a"], {"deep": [1]}) == "a, b"
