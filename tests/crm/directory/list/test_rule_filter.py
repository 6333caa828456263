"""From the list to the page that edits its rule, and back."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from crm.directory.list.request.as_rule import as_rule
from crm.directory.list.request.parse import parse
from crm.directory.list.request.quick_filters import QUICK_FILTERS
from crm.staff.models import Role
from members.profiles.models import Channel, Member
from members.rules.language.to_json import to_json
from members.segments.models import Membership, Segment
from tests.crm.cast import NOW, browser_of, markup, member, staff_of

TAGGED = {"field": "tags", "op": "not_empty"}
GROWTH = {"field": "stage", "op": "=", "value": "growth"}
EVERY_FILTER = {
    "stage": "growth", "sub_state": "dormant", "warning": "any", "manager": "none",
    "new_since": "2026-01-01", "due_days": "7", "aum_min": "20.5", "aum_max": "30万", "matures": "30",
    "plan": "missed", "complaint": "open", "idle_days": "30", "risk": "C3", "assessment": "0",
    "region": "上海", "channel": "branch", "registered_from": "2026-01-01", "registered_to": "2026-02-01",
}  # fmt: skip


@pytest.fixture
def client(world):
    member()
    return browser_of(staff_of(Role.OPERATIONS))


def asked_of(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def test_the_advanced_filter_begins_with_all_that_filters_the_list(client):
    page = client.get("/members/", {"rule": json.dumps(TAGGED), "stage": "growth", "sort": "-aum"})
    asked = asked_of(page.context_data["filter_address"])
    assert json.loads(asked.pop("rule")) == {"all": [GROWTH, TAGGED]}
    assert asked == {"sort": "-aum"}
    assert client.get(page.context_data["filter_address"]).status_code == 200
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
    asked = asked_of(answer.headers["Location"])
    assert (json.loads(asked.pop("rule")), asked) == ({"all": [GROWTH, added]}, {})
    answer = client.get("/members/filter/", {"rule": json.dumps(TAGGED), "field": field})
    both = {"all": [TAGGED, added]}
    assert json.loads(asked_of(answer.headers["Location"])["rule"]) == both
    answer = client.get("/members/filter/", {"rule": json.dumps(both), "field": field})
    assert json.loads(asked_of(answer.headers["Location"])["rule"]) == {"all": [TAGGED, added, added]}
    assert client.get(answer.headers["Location"]).status_code == 200


def test_the_rule_of_the_quick_filters_finds_the_same_members_and_is_asked_once(client):
    rich, poor = member(aum=500_000), member(aum=5)
    page = client.get("/members/?aum_min=20万&q=Li&cols=aum")
    asked = asked_of(page.context_data["filter_address"])
    assert json.loads(asked.pop("rule")) == {"field": "aum", "op": ">=", "value": 200_000}
    assert asked == {"q": "Li", "cols": "aum"}
    shown = markup(client.get(page.context_data["filter_address"]))
    assert "do not include it" in shown
    address = client.get("/members/?aum_min=20万").context_data["filter_address"]
    assert "do not include it" not in markup(client.get(address))
    found = client.get("/members/", asked_of(address)).context_data["page"]
    assert [row.view.id for row in found.rows] == [rich.pk]
    assert poor.pk not in {row.view.id for row in found.rows}


@pytest.mark.parametrize("name", sorted(QUICK_FILTERS))
def test_every_quick_filter_is_a_rule_that_the_advanced_filter_shows(client, name):
    Channel.objects.create(code="branch", name="网点")
    asked = parse({name: EVERY_FILTER[name]}, staff_of(Role.OPERATIONS))
    changes = as_rule(asked)
    again = parse({"rule": changes["rule"]}, staff_of(Role.OPERATIONS))
    assert list(map(to_json, again.conditions())) == list(map(to_json, asked.conditions()))
    assert changes[name] == ""
    builder = client.get("/members/filter/", {"field": "occupation", name: EVERY_FILTER[name]}, follow=True)
    assert not builder.context_data["builder"].pasting_errors
    assert not builder.context_data["builder"].errors


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
    assert b"Called so" not in b"".join(
        client.post("/members/export/?cols=segment", {"purpose": "salon"}).streaming_content
    )


@pytest.mark.parametrize("name", ["aum_min", "aum_max"])
def test_an_amount_asked_by_a_quick_filter_is_shown_unrounded(client, name):
    assert "¥0.005" in markup(client.get(f"/members/?{name}=0.005"))
    assert "¥1,234.50" in markup(client.get(f"/members/?{name}=1234.5"))
