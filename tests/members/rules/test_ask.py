"""Rules asked of members in the tables."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from members.profiles.models import Event, Member
from members.rules import ask
from members.rules.language.errors import BadRules
from members.rules.language.parse import parse
from members.rules.language.to_json import to_json
from members.rules.sentences import sentence

NOW = datetime(2026, 11, 28, 4, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def member(**values) -> int:
    return Member.objects.create(**{"known_at": NOW - timedelta(days=900), "updated_at": NOW} | values).pk


def test_who_matches_is_counted_and_named():
    one = member(region="上海", risk_class="C4", risk_assessed_on=date(2026, 1, 1))
    member(region="上海")
    rule = parse(
        {"all": [{"field": "t_region", "op": "=", "value": "上海"}, {"field": "t_class", "op": "present"}]}
    )
    condition = ask.everybody(rule, NOW)
    assert (ask.count(condition), ask.ids(condition), ask.changes_next(condition)) == (1, [one], None)


def test_an_event_counts_until_it_is_too_old():
    one = member()
    Event.objects.create(member_id=one, id="1", at=NOW - timedelta(days=3), name="login")
    rule = parse({"did": "t_event", "where": [{"property": "name", "op": "=", "value": "login"}],
                  "period": {"within_last": {"days": 7}}})  # fmt: skip
    condition = ask.everybody(rule, NOW)
    assert ask.ids(condition) == [one]
    # Logged in on the 25th, so out from the beginning of 3 December in Shanghai.
    assert ask.changes_next(condition) == datetime(2026, 12, 2, 16, tzinfo=UTC)
    assert ask.count(ask.everybody(rule, datetime(2026, 12, 2, 16, tzinfo=UTC))) == 0
    assert sentence(rule) == "Did something (name is “login”) in the last 7 days"


def test_a_mistake_is_told_at_its_path():
    with pytest.raises(BadRules) as caught:
        parse(
            {
                "all": [
                    {"field": "t_regoin", "op": "=", "value": "x"},
                    {"field": "t_born", "op": "on", "value": [1]},
                ]
            }
        )
    assert [one.path for one in caught.value.mistakes] == ["$.all[0].field", "$.all[1].value"]


def test_json_comes_back():
    data = {"any": [{"not": {"field": "t_born", "op": "between", "value": ["1990-01-01", "1990-12-31"]}},
                    {"did": "t_trade", "sum": {"property": "amount", "op": ">=", "value": 50000}},
                    {"change": "t_assets", "direction": "fell", "by": {"share": "0.3"},
                     "within": {"days": 14}}]}  # fmt: skip
    assert to_json(parse(data)) == data
    ask.count(ask.everybody(parse(data), NOW))
