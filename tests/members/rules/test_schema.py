"""The JSON Schema in docs is the one of this catalogue, and takes what the parser takes."""

from __future__ import annotations

import json
from functools import cache
from io import StringIO

import jsonschema
import pytest
from django.core.management import call_command
from hypothesis import given

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


@cache
def _validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(schema())
