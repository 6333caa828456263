"""JSON that the database keeps and Python cannot read back is refused, with the place; the rest goes in."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.imports.columns import JSON_DEPTH, JSON_DIGITS
from crm.imports.errors.row_errors import make_reason
from crm.imports.values.json_faults import locate
from members.profiles.models.activity import Event
from tests.crm.imports.files import row, take
from tests.harness.examples import examples

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(-1e299, 1e299) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def path(text: str) -> str | None:
    found = locate(JSON_DEPTH, JSON_DIGITS, text, make_reason("not_json")).detail
    return str(dict(found.params)["path"]) if found else None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"a":1e5000}', "$.a"),
        ('{"a":{"b":[1,2,-1e301]}}', "$.a.b[2]"),
        ('{"a":"1e5000","b":' + "9" * 301 + "}", "$.b"),
        ('{"a\\"b":1,"13800000001":1e999}', "$.*"),
        ('{"a":' + "[" * 64 + "]" * 64 + "}", "$.a[0][0][0]…[0][0][0][0]"),
        ('{"a":' + "[" * 63 + "]" * 63 + "}", None),
        ('{"a":1e-5000,"b":0e9999,"c":0.00001e302}', None),
    ],
)
def test_the_place_is_told(text, place):
    assert path(text) == place


@examples(100)
@given(values)
def test_ordinary_json_has_no_such_place(value):
    assert path(json.dumps({"a": value})) is None


@pytest.mark.django_db
def test_a_refused_value_is_told_with_its_path_and_the_others_go_in(tmp_path):
    take(tmp_path, "members", row("members"), name="members.csv")
    lines = [
        "event_id,member_id,at,name,properties",
        'e1,U1,2026-02-01,login,"{""a"":{""b"":1e5000}}"',
        'e2,U1,2026-02-01,login,"{""a"":' + "9" * 300 + '}"',
        "e3,U1,2026-02-01,login,",
    ]
    result = take(tmp_path, "events", "\n".join(lines) + "\n")
    assert (result.added, result.rejected) == (2, 1)
    assert result.rejects[0].reason.said() == "a number with more than 300 digits: at $.a.b"
    assert [len(str((event.properties or {}).get("a", ""))) for event in Event.objects.order_by("id")] == [
        300,
        0,
    ]
