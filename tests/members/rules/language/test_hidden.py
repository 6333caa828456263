"""What somebody may not see does not exist for them: not in rules, and not in errors about them."""

from __future__ import annotations

import pytest

from crm.runtime.errors import error_text
from crm.staff.models import Role
from members.rules.catalogue.fields import fields
from members.rules.language.errors import BadRules
from members.rules.language.parse import parse
from tests.crm.staff.people import staff_of
from tests.members.rules import catalogue

pytestmark = pytest.mark.django_db
HIDDEN = [
    ({"field": "{}", "op": "=", "value": "x"}, "t_secret"),
    ({"did": "{}"}, "t_hidden"),
    ({"did": "t_event", "where": [{"property": "{}", "op": "=", "value": "x"}]}, "secret"),
]


def named(rule, name):
    if isinstance(rule, dict):
        return {key: named(value, name) for key, value in rule.items()}
    if isinstance(rule, list):
        return [named(one, name) for one in rule]
    return name if rule == "{}" else rule


def messages(rule, staff) -> list[tuple[str, str]]:
    with pytest.raises(BadRules) as caught:
        parse(rule, staff=staff)
    return [(one.path, error_text(one)) for one in caught.value.mistakes]


@pytest.mark.parametrize(("rule", "name"), HIDDEN)
def test_what_is_hidden_reads_like_what_there_is_not(rule, name):
    staff = staff_of(Role.OPERATIONS)
    parse(named(rule, name))
    absent = f"{name[:-1]}z"
    hidden, unknown = messages(named(rule, name), staff), messages(named(rule, absent), staff)
    for told, expected in zip(hidden, unknown, strict=True):
        assert told[0] == expected[0]
        first, rest = told[1].split("”. ")
        assert first.replace(name, "") == expected[1].split("”. ")[0].replace(absent, "")
        assert name not in rest.replace(",", "").split(" ")


def test_no_hidden_field_is_suggested():
    staff = staff_of(Role.ANALYST)
    hidden = [name for name, one in fields.items() if not one.is_plain_to(staff)]
    assert "t_secret" in hidden
    for name in hidden:
        told = " ".join(
            text for _path, text in messages({"field": f"{name}x", "op": "=", "value": "x"}, staff)
        )
        suggested = told.replace(f"“{name}x”", "")
        assert not any(f" {other}," in suggested or f"“{other}”" in suggested for other in hidden)


@pytest.mark.parametrize("role", Role)
def test_each_role_may_ask_of_what_it_sees_plain(role):
    staff = staff_of(role)
    for name, one in fields.items():
        rule = {
            "field": name,
            "op": "empty" if one.type == "set" else "is" if one.type == "flag" else "missing",
        }
        if one.type == "flag":
            rule["value"] = True
        if one.is_plain_to(staff):
            parse(rule, staff=staff)
        else:
            messages(rule, staff)


def _circle(operator, *value):
    return {"property": "circle", "op": operator} | ({"value": value[0]} if value else {})


@pytest.mark.parametrize(
    "rule",
    [
        {"field": "t_circles", "op": "empty"},
        {"field": "t_circles", "op": "not_empty"},
        {"field": "t_circles", "op": "has_any", "value": ["closed"]},
        {"did": "t_award"},
        {"did": "t_award", "never": True},
        {"did": "t_award", "where": [_circle("present")]},
        {"did": "t_award", "where": [_circle("!=", "open")]},
        {"did": "t_award", "where": [_circle("not_in", ["open"])]},
        {"did": "t_award", "where": [_circle("=", "closed")]},
    ],
    ids=str,
)
def test_nothing_tells_of_a_choice_that_is_hidden(rule, monkeypatch):
    catalogue.install_hidden_choices(monkeypatch)
    parse(rule)
    told = messages(rule, staff_of(Role.OPERATIONS))
    assert not any("closed" in text.replace("“closed”", "") for _path, text in told)


@pytest.mark.parametrize(
    "rule",
    [
        {"field": "t_circles", "op": "has_none", "value": ["open"]},
        {"field": "t_circles", "op": "has_any", "value": ["open"]},
        {"did": "t_award", "never": True, "where": [_circle("in", ["open"])]},
    ],
    ids=str,
)
def test_the_other_choices_can_be_asked_for(rule, monkeypatch):
    catalogue.install_hidden_choices(monkeypatch)
    parse(rule, staff=staff_of(Role.OPERATIONS))
