"""The record of how a source is read survives being kept."""

from __future__ import annotations

import pytest

from crm.imports.options import ReadingOptions, from_json
from crm.imports.reading import memory
from tests.crm.imports.files import NOW

DECIDED = ReadingOptions(delimiter=";", table_line=25, columns={"手机": "mobile", "备注": ""})


def test_only_what_was_decided_is_kept():
    assert DECIDED.as_json() == {
        "delimiter": ";",
        "table_line": 25,
        "columns": {"手机": "mobile", "备注": ""},
    }
    assert from_json(DECIDED.as_json()) == DECIDED
    assert ReadingOptions().as_json() == {}


def test_what_another_version_decided_is_left_out():
    assert from_json({"delimiter": ";", "mood": "good"}) == ReadingOptions(delimiter=";")


@pytest.mark.django_db
def test_decisions_are_remembered_with_kind_source_and_headings():
    memory.remember("members", "bank", ["手机", "备注"], DECIDED, now=NOW)
    assert memory.recall("members", "bank", ["备注", "手机"]) == DECIDED
    for kind, source, header in (
        ("members", "other", ["手机", "备注"]),
        ("events", "bank", ["手机", "备注"]),
        ("members", "bank", ["手机"]),
    ):
        assert memory.recall(kind, source, header) is None
