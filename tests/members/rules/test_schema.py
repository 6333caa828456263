"""The JSON Schema in docs is the one of this catalogue, and takes what the parser takes."""

from __future__ import annotations

import json
from functools import cache
from io import StringIO

import jsonschema
import pytest
from django.core.management import call_command
from hypothesis import given

from members.rules.language.errors import BadRules
from members.rules.language.parse import parse
from members.rules.schema import schema
from tests.harness.examples import examples
from tests.members.rules import catalogue, lives
from tests.rules.source import ROOT

pytestmark = pytest.mark.django_db


def test_the_schema_in_docs_is_that_of_the_catalogue(monkeypatch):
    catalogue.remove(monkeypatch)
    printed = StringIO()
    call_command("rules", "--schema", stdout=printed)
    in_docs = (ROOT / "docs" / "rules.schema.json").read_text(encoding="utf-8")
    assert in_docs == printed.getvalue(), "python manage.py rules --schema > docs/rules.schema.json"
    jsonschema.Draft202012Validator.check_schema(json.loads(in_docs))


@given(lives.rules())
@examples(15)
def test_the_schema_takes_what_the_parser_takes(rule):
    assert _validator().is_valid(rule), rule


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"all": []},
        {"field": "stage", "op": "=", "value": "growing"},
        {"field": "stage", "op": "<", "value": "growth"},
        {"field": "stage", "op": "missing", "value": "growth"},
        {"field": "stage", "op": "=", "value": "growth", "more": 1},
        {"field": "aum", "op": "=", "value": True},
        {"field": "registered_at", "op": "within_last", "value": {"days": 1, "hours": 1}},
        {"did": "login", "never": True, "times": {"op": "=", "value": 1}},
        {"did": "login", "never": False},
        {"change": "aum", "direction": "up", "by": {"share": 0.1}, "within": {"days": 1}},
    ],
    ids=str,
)
def test_it_refuses_what_the_parser_refuses(rule):
    assert not _validator().is_valid(rule)


def _span(count):
    return {"field": "registered_at", "op": "within_last", "value": count}


def _times(value, operator="="):
    return {"did": "login", "times": {"op": operator, "value": value}}


def _number(value):
    return {"field": "aum", "op": "=", "value": value}


def _moved(by, direction="fell", days=14):
    return {"change": "aum", "direction": direction, "by": by, "within": {"days": days}}


def _on(day):
    return {"field": "registered_at", "op": "on", "value": day}


EDGES = [
    *(
        _span({"days": value})
        for value in (0, 1.5, -1, "0", "30", " 30 ", "030", "30.0", "30.5", "", "x", True)
    ),
    *(_span({"days": value}) for value in (36_500, 36_501, "36500", "36501", "36499", "9999", "40000")),
    *(_span({"hours": value}) for value in (0, 1, "0", "00", "0.0", "1", "87600", "87601", 87_601)),
    *(_times(value) for value in (0, "0", "3", "3.0", "1000000", "1000001", -1, "-1", 1.5, None)),
    *(_times(value, "between") for value in (["1", 2], [1, "x"], [1])),
    *(
        _number(value)
        for value in (10**18, 10**18 - 1, -(10**18), "9" * 18, "9" * 19, "0" * 3 + "9" * 18, "1e3")
    ),
    *(_number(value) for value in (" 1.5 ", "1.", ".5", "1" * 31, True, None, [1])),
    *(_on(day) for day in ("1899-12-31", "1900-01-01", "2200-12-31", "2201-01-01", "2026-13-01", "2026-1-1")),
    *(
        _moved({"share": value})
        for value in (0, 0.3, 1, 1.1, "0", "0.0", "0.3", "1", "1.0", "1.1", "..", "-1")
    ),
    *(
        _moved({"share": value}, "rose")
        for value in (1.1, "1.1", 1_000_000, "1000000", "1000000.1", 1_000_001)
    ),
    *(_moved({"amount": value}) for value in ("0.00", "0.01", "5000", 10**18, "9" * 19, "1.2.3")),
    *(_moved({"share": 0.3}, days=value) for value in (0, 1, "0", "1", "14")),
    {"did": "login", "where": []},
    {"did": "transaction", "where": []},
    {"did": "login", "where": {}},
    {"field": "region", "op": "=", "value": "a\0b"},
    {"field": "region", "op": "=", "value": "a\nb"},
    {"field": "stage", "op": "in", "value": ["growth"] * 1001},
]


@pytest.mark.parametrize("rule", EDGES, ids=str)
def test_it_takes_at_the_edges_what_the_parser_takes(rule):
    try:
        parse(rule)
    except BadRules:
        assert not _validator().is_valid(rule)
    else:
        assert _validator().is_valid(rule)


@cache
def _validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(schema())
