"""A rule survives the form: what is shown and sent back unchanged is the same rule, whatever it asks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.rules.language.parse import parse
from members.rules.language.to_json import to_json
from members.segments.builder.builder import Builder, from_form, from_rule, paste
from members.segments.builder.draft.tree import Condition, walk
from tests.harness.examples import examples
from tests.members.segments.builder.forms import READER, form_of, pressed, sent, typed
from tests.members.segments.builder.rules import rules

pytestmark = pytest.mark.django_db  # choices are rows
AUM = {"field": "aum", "op": ">=", "value": 200_000}
STAGE = {"field": "stage", "op": "in", "value": ["growth", "decline"]}
LOGIN = {"field": "last_login", "op": "more_than_ago", "value": {"days": 30}}


def built(*conditions: dict, kind: str = "all") -> Builder:
    return from_rule({kind: list(conditions)}, READER)


@given(data=st.data())
@examples(30)
def test_what_is_shown_and_sent_back_is_the_same_rule(data):
    rule = data.draw(rules())
    shown = from_rule(rule, READER)
    assert shown.is_valid, (rule, shown.errors, shown.written.incomplete)
    again = from_form(sent(form_of(shown).fields), READER)
    asked = unordered(to_json(parse(rule, staff=READER)))
    assert unordered(shown.data) in (asked, {"all": [asked]})
    assert unordered(again.data) == unordered(shown.data)


def unordered(rule):
    """With the values of lists in order: boxes stand in the order of the choices."""
    if isinstance(rule, dict):
        return {key: unordered(value) for key, value in rule.items()}
    if isinstance(rule, list) and all(isinstance(one, str) for one in rule):
        return sorted(rule)
    return [unordered(one) for one in rule] if isinstance(rule, list) else rule


@given(data=st.data())
@examples(20)
def test_no_step_loses_a_condition_but_the_one_that_removes_it(data):
    shown = from_rule(data.draw(rules()), READER)
    before = sorted(node.name for _place, node in walk(shown.root) if isinstance(node, Condition))
    for _ in range(4):
        moves = [one for one in form_of(shown).buttons if one.split(":")[0] in MOVES]
        if not moves:
            break
        shown = pressed(shown, data.draw(st.sampled_from(sorted(moves))))
    after = sorted(node.name for _place, node in walk(shown.root) if isinstance(node, Condition))
    assert after == before


MOVES = {"up", "down", "group", "ungroup", "negate"}


def test_a_condition_is_added_chosen_and_filled():
    shown = pressed(Builder(READER), "add:r")
    assert shown.focus == "r.0" and shown.focus_on == "find" and shown.rule is None
    shown = pressed(shown, "choose:r.0:field:aum")
    assert shown.focus_on == "value" and shown.written.incomplete == ["r.0"] and not shown.is_valid
    shown = typed(shown, {"r.0.value": "20万"})
    assert shown.is_valid and shown.data == {"all": [AUM]}


def test_conditions_are_moved_into_groups_and_out_of_them():
    shown = built(AUM, {"any": [STAGE]}, LOGIN)
    shown = pressed(shown, "down:r.0")
    assert shown.data == {"all": [{"any": [AUM, STAGE]}, LOGIN]} and shown.focus == "r.0.0"
    shown = pressed(shown, "up:r.0.0")
    assert shown.data == {"all": [AUM, {"any": [STAGE]}, LOGIN]}
    shown = pressed(shown, "down:r.1.0")  # a group without conditions goes
    assert shown.data == {"all": [AUM, STAGE, LOGIN]}


def test_conditions_are_grouped_duplicated_negated_and_removed():
    shown = pressed(built(AUM, STAGE), "group:r.1")
    assert shown.data == {"all": [AUM, {"any": [STAGE]}]} and shown.focus == "r.1"
    shown = pressed(shown, "duplicate:r.1.0")
    shown = pressed(shown, "negate:r.1.1")
    assert shown.data == {"all": [AUM, {"any": [STAGE, {"not": STAGE}]}]}
    shown = pressed(shown, "negate:r.1")
    assert shown.data == {"all": [AUM, {"not": {"any": [STAGE, {"not": STAGE}]}}]}
    shown = pressed(shown, "negate:r.1")
    shown = pressed(shown, "ungroup:r.1")
    assert shown.data == {"all": [AUM, STAGE, {"not": STAGE}]}
    for _ in range(3):
        shown = pressed(shown, "remove:r.0")
    assert shown.data is None and shown.root.items == []


def test_equal_conditions_are_told_apart():
    shown = pressed(built(AUM, STAGE, AUM), "up:r.2")
    assert shown.data == {"all": [AUM, AUM, STAGE]} and shown.focus == "r.1"


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("aum", "20万", 200_000),
        ("aum", "1.5亿", 150_000_000),
        ("aum", "¥1,234.50", "1234.5"),
        ("aum", "200k", 200_000),
        ("product_count", "3", 3),
    ],
)
def test_amounts_are_typed_as_people_type_them(name, text, value):
    shown = typed(built({"field": name, "op": ">=", "value": 1}), {"r.0.value": text})
    assert shown.data == {"all": [{"field": name, "op": ">=", "value": value}]}


def test_what_is_wrong_stays_as_it_was_typed_and_is_told_at_its_condition():
    shown = typed(built(STAGE, {"any": [AUM, LOGIN]}), {"r.1.0.value": "a lot", "r.1.1.value": "-3"})
    assert list(shown.errors) == ["r.1.0", "r.1.1"] and shown.rule is None
    assert ("r.1.0.value", "a lot") in form_of(shown).fields
    assert "a lot" in shown.errors["r.1.0"][0]


@pytest.mark.parametrize(
    "form", [{"r.0.is": "field:aum", "r.7.is": "field:aum"}, {"r.0.is": ["a", "b"]}, {"r.3.0.4.is": ""}]
)
def test_odd_forms_are_read(form):
    shown = from_form(
        sent(
            [
                (name, one)
                for name, some in form.items()
                for one in ([some] if isinstance(some, str) else some)
            ]
        ),
        READER,
    )
    form_of(shown)
    assert shown.rule is None


def test_choices_of_another_field_go_with_it():
    shown = pressed(pressed(built(STAGE), "pick:r.0"), "choose:r.0:field:aum")
    assert shown.written.incomplete == ["r.0"]
    assert pressed(shown, "pick:r.0").root.items[0].find == ""


def test_a_condition_on_what_the_reader_cannot_ask_keeps_all_that_was_written():
    unknown = {"field": "nobody_knows", "op": "between", "value": ["1", "2"]}
    shown = built(AUM, unknown, {"did": "nothing", "where": [{"property": "x", "op": "=", "value": "y"}]})
    again = from_form(sent(form_of(shown).fields), READER)
    assert again.written.data == shown.written.data and list(again.errors) == ["r.1", "r.2"]


def test_a_share_is_typed_in_percent():
    fell = {"change": "aum", "direction": "fell", "by": {"share": "0.125"}, "within": {"days": 14}}
    shown = built(fell)
    assert ("r.0.value", "12.5") in form_of(shown).fields
    assert from_form(sent(form_of(shown).fields), READER).data == {"all": [fell]}


@pytest.mark.parametrize(
    "text",
    [
        '{"field": "\\ud800", "op": "=", "value": "\\ud800"}',
        '{"change": "aum", "direction": "fell", "by": {"share": 1e999999999}, "within": {"days": 1}}',
        '{"change": "aum", "direction": "fell", "by": {"share": -1e-999999}, "within": {"days": 1e400}}',
        '{"field": "aum", "op": "between", "value": [1e99999, null]}',
        '{"did": "login", "times": {"op": ">=", "value": 1e99999}, "period": {"since": {}}}',
        '{"\\udfff": 1}',
    ],
)
def test_what_nobody_types_is_shown_and_refused(text):
    shown = paste(Builder(READER), text)
    form_of(shown)
    assert shown.errors or shown.pasting_errors
    "".join([*shown.pasting_errors, *sum(shown.errors.values(), []), shown.pasted]).encode()
