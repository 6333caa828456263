"""From the list to the page that edits its rule, and back."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from crm.staff.models import Role
from members.profiles.models import Member
from members.segments.models import Membership, Segment
from tests.crm.cast import NOW, browser_of, markup, member, staff_of

TAGGED = {"field": "tags", "op": "not_empty"}


@pytest.fixture
def client(world):
    member()
    return browser_of(staff_of(Role.OPERATIONS))


def asked_of(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def test_the_list_leads_to_the_advanced_filter_and_keeps_what_it_asks(client):
    page = client.get("/members/", {"rule": json.dumps(TAGGED), "stage": "growth", "sort": "-aum"})
    address = page.context_data["filter_address"]
    assert asked_of(address) == {"rule": json.dumps(TAGGED), "stage": "growth", "sort": "-aum"}
    assert client.get(address).status_code == 200
    rule = page.context_data["chips"][1]
    assert (rule["label"], asked_of(rule["address"])) == ("Rule", {"stage": "growth", "sort": "-aum"})


@pytest.mark.parametrize(
    ("field", "added"),
    [
        ("occupation", {"field": "occupation", "op": "present"}),
        ("has_plan", {"field": "has_plan", "op": "is", "value": True}),
        ("products", {"field": "products", "op": "not_empty"}),
    ],
)
def test_a_field_without_an_input_adds_a_condition_to_the_rule(client, field, added):
    page = markup(client.get("/members/?stage=growth"))
    assert f"/members/filter/?stage=growth&amp;field={field}" in page
    answer = client.get("/members/filter/", {"stage": "growth", "field": field})
    assert json.loads(asked_of(answer.headers["Location"])["rule"]) == added
    answer = client.get("/members/filter/", {"rule": json.dumps(TAGGED), "field": field})
    both = {"all": [TAGGED, added]}
    assert json.loads(asked_of(answer.headers["Location"])["rule"]) == both
    answer = client.get("/members/filter/", {"rule": json.dumps(both), "field": field})
    assert json.loads(asked_of(answer.headers["Location"])["rule"]) == {"all": [TAGGED, added, added]}
    assert client.get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize("field", ["mobile", "name", "shoe_size", ""])
def test_what_one_may_not_ask_about_leads_back_to_the_list(client, field):
    assert f'field={field}"' not in markup(client.get("/members/"))
    answer = client.get("/members/filter/", {"field": field, "stage": "growth"})
    assert answer.headers["Location"] == "/members/?stage=growth"


def test_a_segment_that_reads_what_one_may_not_see_is_in_no_column_of_theirs(client):
    rules = {"Tagged": TAGGED, "Called so": {"field": "name", "op": "=", "value": "王小明"}}
    for name, rule in rules.items():
        segment = Segment.objects.create(
            name=name, kind="rule", rule=rule, made_by=staff_of(Role.ADMINISTRATOR), made_at=NOW
        )
        Membership.objects.create(member=Member.objects.get(), segment=segment, joined_at=NOW)
    page = markup(client.get("/members/?cols=segment"))
    assert ">Tagged<" in page and "Called so" not in page
    assert b"Called so" not in b"".join(client.post("/members/export/?cols=segment").streaming_content)
