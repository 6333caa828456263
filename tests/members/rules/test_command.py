"""manage.py rules: one object a line in, one out; a bad line stops nothing."""

from __future__ import annotations

import json
import sys
from datetime import datetime, timedelta
from io import BytesIO, StringIO, TextIOWrapper

import pytest
from django.core.management import call_command
from django.test import override_settings

from members.lifecycle.recording.restage import restage
from members.profiles.models import Event, Member, RiskAssessment
from members.rules import ask
from members.rules.language.json_text import LONGEST
from members.rules.language.parse import parse

pytestmark = pytest.mark.django_db
NOW = "2026-11-28T12:00:00+08:00"
AT = datetime.fromisoformat(NOW)
REGION = {"field": "t_region", "op": "=", "value": "上海"}


def asked(*lines: object, **options) -> list[dict]:
    data = b"\n".join(one if isinstance(one, bytes) else json.dumps(one).encode() for one in lines)
    written = StringIO()
    with override_settings(BUSINESS_NOW=NOW), pytest.MonkeyPatch.context() as patched:
        patched.setattr(sys, "stdin", TextIOWrapper(BytesIO(data)))
        call_command("rules", stdout=written, **options)
    return [json.loads(line) for line in written.getvalue().splitlines()]


def members(count: int, **values) -> list[int]:
    given = {"known_at": AT - timedelta(days=100), "updated_at": AT, "region": "上海"} | values
    return [one.pk for one in Member.objects.bulk_create(Member(**given) for _ in range(count))]


def test_an_answer():
    ids = members(23)
    answer = {
        "id": "x", "count": 23, "members": ids[:20],
        "sentence": {"en": "T region is “上海”", "zh": "T region为“上海”"}, "changes_next": None,
    }  # fmt: skip
    assert asked({"id": "x", "rule": REGION}) == [answer]
    assert asked({"id": "x", "rule": REGION}, all=True) == [answer | {"members": ids}]


def test_when_the_answer_changes_next():
    [one] = members(1)
    Event.objects.create(member_id=one, id="1", at=AT - timedelta(days=3), name="login")
    Event.objects.create(member_id=one, id="2", at=AT + timedelta(hours=1), name="login")
    rule = {"did": "login", "times": {"op": ">=", "value": 2}}
    [answer] = asked({"id": 1, "rule": rule})
    assert (answer["count"], answer["changes_next"]) == (0, "2026-11-28T05:00:00+00:00")


def test_a_login_of_tomorrow_changes_the_last_login_then():
    [one] = members(1)
    restage(now=AT)
    tomorrow = AT + timedelta(days=1)
    Event.objects.create(member_id=one, id="1", at=tomorrow, name="login")
    restage(now=AT)
    rule = {"field": "last_login", "op": "present"}
    [answer] = asked({"id": 1, "rule": rule})
    assert (answer["count"], answer["changes_next"]) == (0, "2026-11-29T04:00:00+00:00")
    restage(now=tomorrow)
    with override_settings(BUSINESS_NOW=tomorrow.isoformat()):
        assert ask.count(ask.everybody(parse(rule), tomorrow)) == 1


def test_who_is_not_known_yet_matches_nothing_and_comes():
    members(1, known_at=AT + timedelta(days=2))
    [answer] = asked({"id": 1, "rule": {"not": {"field": "t_region", "op": "=", "value": "北京"}}})
    assert (answer["count"], answer["changes_next"]) == (0, "2026-11-30T04:00:00+00:00")


def test_a_past_day_is_asked_at_its_end():
    [one] = members(1, risk_class="C4", risk_assessed_on="2026-11-20")
    RiskAssessment.objects.create(member_id=one, assessed_on="2026-11-20", risk_class="C4")
    rule = {"field": "risk_class", "op": "present"}
    answers = asked(
        *({"id": day, "rule": rule, "as_of": day} for day in ("2026-11-19", "2026-11-20", "2026-11-28"))
    )
    assert [answer["count"] for answer in answers] == [0, 1, 1]
    assert answers[0]["changes_next"] == "2026-11-19T16:00:00+00:00"


@pytest.mark.parametrize(
    ("line", "path"),
    [
        (b"{", "$"),
        (b"\xff\xfe", "$"),
        (b"[1]", "$"),
        ({"id": 1}, "$.rule"),
        ({"id": [1], "rule": REGION}, "$.id"),
        ({"id": "\ud800", "rule": REGION}, "$.id"),
        ({"id": 1, "rule": REGION, "asof": "2026-01-01"}, "$.asof"),
        ({"id": 1, "rule": REGION, "as_of": "yesterday"}, "$.as_of"),
        ({"id": 1, "rule": REGION, "as_of": 5}, "$.as_of"),
        ({"id": 1, "rule": REGION, "as_of": "2026-11-29"}, "$.as_of"),
        ({"id": 1, "rule": REGION, "as_of": "9999-12-31"}, "$.as_of"),
        (b'{"id": 1, "rule": {"field": "stage", "op": "present"}, "rule": {"did": "login"}}', "$.rule"),
        (b'{"id": 1, "id": 2, "rule": {"did": "login"}}', "$.id"),
        (b'{"id": 1e99999999999999999999, "rule": {"did": "login"}}', "$.id"),
        (b'{"id": 1, "rule": {"field": "aum", "op": "=", "value": 1e99999999999999999999}}', "$.value"),
        ({"id": 1, "rule": {"all": [REGION, {"field": "t_touched", "op": "missing"}]}, "as_of": "2026-01-01"},
         "$.all[1]"),
        ({"id": 1, "rule": {"all": [REGION, {"field": "t_regon", "op": "missing"}]}}, "$.all[1].field"),
    ],
    ids=str,
)  # fmt: skip
def test_a_bad_line_is_told_and_the_rest_goes_on(line, path):
    members(1)
    bad, good = asked(line, b"", b"  ", {"id": 2, "rule": REGION})
    assert set(bad) == {"id", "error"}
    assert set(bad["error"]) == {"path", "message"}
    assert bad["error"]["path"] == path
    assert (good["id"], good["count"]) == (2, 1)


@pytest.mark.parametrize("length", [LONGEST - 1, LONGEST, LONGEST + 1, 3 * LONGEST])
def test_a_huge_line_is_one_line(length):
    members(1)
    bad, good = asked(b"x" * length, {"id": 2, "rule": REGION})
    assert bad["id"] is None
    assert (good["id"], good["count"]) == (2, 1)


@pytest.mark.parametrize("today", ["2026-11-28", "20261128", "2026-W48-6"])
def test_today_is_now_however_it_is_written(today):
    members(1)
    [answer] = asked({"id": 1, "rule": {"field": "t_touched", "op": "present"}, "as_of": today})
    assert answer["count"] == 1


def test_an_instant_of_today_that_has_not_come_is_told_how_late_it_may_be():
    [answer] = asked({"id": 1, "rule": REGION, "as_of": "2026-11-28T12:00:01+08:00"})
    assert answer["error"]["path"] == "$.as_of"
    assert NOW in answer["error"]["message"]


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "utf-8"])
def test_answers_are_the_same_in_whatever_encoding_the_terminal_has(encoding, monkeypatch):
    line = {"id": "会员😀", "rule": {"field": "aum", "op": ">=", "value": 1000}}
    written = TextIOWrapper(BytesIO(), encoding=encoding)
    with override_settings(BUSINESS_NOW=NOW):
        monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(json.dumps(line).encode())))
        monkeypatch.setattr(sys, "stdout", written)
        call_command("rules")
    written.flush()
    assert json.loads(written.buffer.getvalue().decode(encoding)) == asked(line)[0]
