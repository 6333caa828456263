"""No value and no name of a rule becomes part of a statement."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from members.profiles.models import Event, Member
from members.rules import ask
from members.rules.compiling.condition import compile
from members.rules.language.errors import BadRules
from members.rules.language.parse import parse
from members.rules.sentences import parts, sentence

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 28, 4, tzinfo=UTC)
NASTY = (
    "'; DROP TABLE profiles_member; --", "' OR true --", '"', "\\", "\\'", "%", "%s", "%(now)s", "%(label)s",
    "%%", "{condition}", "$$", "/* */", "\u2019", "E'\\x27'", "<b>", "{}", "a.b.c",
)  # fmt: skip


@pytest.mark.parametrize("text", NASTY)
def test_values_are_bound(text):
    here = Member.objects.create(known_at=NOW, updated_at=NOW, region=f"a{text}b", tags=[text])
    other = Member.objects.create(known_at=NOW, updated_at=NOW, region="ab", tags=["x"])
    Event.objects.create(member_id=here.pk, id="1", at=NOW, name=text, properties={text: text})
    Event.objects.create(member_id=other.pk, id="1", at=NOW, name="x", properties={"x": "x"})
    rules = [
        *({"field": "t_region", "op": op, "value": f"a{text}b"} for op in ("=", "starts_with", "contains")),
        {"field": "t_region", "op": "in", "value": [f"a{text}b", text]},
        {"field": "t_tags", "op": "has_any", "value": [text]},
        {"field": "t_tags", "op": "has_all", "value": [text]},
        {"did": "t_event", "where": [{"property": "name", "op": "=", "value": text}]},
        {"did": "t_event", "where": [{"property": f"properties.{text}", "op": "=", "value": text}]},
        {"did": "t_event", "where": [{"property": f"properties.{text}", "op": "in", "value": [text]}],
         "times": {"op": "=", "value": 1}},
    ]  # fmt: skip
    for data in rules:
        rule = parse(data)
        for few in (True, False):
            condition = compile(rule, NOW, few=few)
            assert ask.ids(condition) == [here.pk]
            ask.changes_next(condition)
            plain = compile(parse(_plain(data, text)), NOW, few=few)
            assert (plain.sql, plain.next_sql) == (condition.sql, condition.next_sql)
        assert text in sentence(rule)
        assert text in parts(rule).text


def _plain(data, text):
    if isinstance(data, dict):
        return {key: _plain(value, text) for key, value in data.items()}
    if isinstance(data, list):
        return [_plain(one, text) for one in data]
    return data.replace(text, "plain") if isinstance(data, str) else data


@pytest.mark.parametrize("name", [*NASTY, "t_region; --", "t_region OR true", "m.id", "1=1"])
def test_names_come_from_the_catalogue_only(name):
    compared = {"op": "=", "value": "x"}
    for data in (
        {"field": name, **compared},
        {"field": "t_region", "op": name, "value": "x"},
        {"did": name},
        {"did": "t_event", "where": [{"property": name, **compared}]},
        {"did": "t_event", "where": [{"property": "name", "op": name, "value": "x"}]},
        {"did": "t_event", "period": {name: {"days": 1}}},
        {"did": "t_event", name: True},
        {"did": "t_trade", "sum": {"property": name, "op": "=", "value": 1}},
        {"did": "t_trade", "times": {"op": name, "value": 1}},
        {"change": name, "direction": "fell", "by": {"share": 1}, "within": {"days": 1}},
        {"change": "t_assets", "direction": name, "by": {"share": 1}, "within": {"days": 1}},
        {"change": "t_assets", "direction": "fell", "by": {name: 1}, "within": {"days": 1}},
        {name: [compared]},
    ):
        with pytest.raises(BadRules):
            parse(data)
