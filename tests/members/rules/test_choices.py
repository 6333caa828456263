"""Choices that stand in tables are read once for a rule."""

import pytest

from members.profiles.models import Channel
from members.rules.language.parse import parse
from members.rules.sentences.rule import sentence

pytestmark = pytest.mark.django_db


def test_choices_are_read_once_for_a_rule_with_many_of_them(django_assert_num_queries):
    for code in ("app", "branch"):
        Channel.objects.create(code=code, name=code.title())
    one_of = [{"field": "channel", "op": "in", "value": [code]} for code in ("app", "branch", "app")]
    data = {"any": [*one_of, {"not": one_of[0]}]}
    with django_assert_num_queries(1):
        rule = parse(data)
    with django_assert_num_queries(1):
        sentence(rule)


def test_they_are_read_anew_for_the_next_rule():
    Channel.objects.create(code="app", name="App")
    rule = parse({"field": "channel", "op": "=", "value": "app"})
    Channel.objects.update(name="Store")
    assert "Store" in sentence(rule)
