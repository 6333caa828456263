"""The builder's steps, its preview, and the filter page: with htmx, without, and for each kind of reader."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from crm.staff.models import Role, Staff
from members.segments.builder.preview import preview as previews
from members.segments.models import Segment
from tests.crm.cast import NOW, browser_of, member, staff_of
from tests.members.segments.builder.forms import Form, sent

HTMX = {"HX-Request": "true"}
RICH = {"field": "aum", "op": ">=", "value": 200_000}
RULE = json.dumps({"all": [RICH, {"field": "stage", "op": "in", "value": ["growth"]}]})


@pytest.fixture(autouse=True)
def _world(db, settings):
    settings.BUSINESS_NOW = NOW.isoformat()


@pytest.fixture
def operations() -> Staff:
    return staff_of(Role.OPERATIONS)


def filter_address(**parameters: str) -> str:
    return f"{reverse('builder-filter')}?{sent([], **parameters).urlencode()}"


def post(client, address: str, fields: list[tuple[str, str]], **more: str):
    return client.post(
        address, sent(fields, **more).urlencode(), content_type="application/x-www-form-urlencoded"
    )


def test_what_is_typed_wrongly_is_neither_cut_nor_quoted_as_another_number(operations):
    fell = {"change": "aum", "direction": "fell", "by": {"share": 2000}, "within": {"days": 99999999}}
    lately = {"field": "last_login", "op": "within_last", "value": {"days": 99999999}}
    rule = json.dumps({"all": [fell, lately]})
    page = browser_of(operations).get(filter_address(rule=rule)).content.decode()
    assert 'maxlength="6"' not in page and page.count('value="99999999"') == 2
    shown = part(operations, "builder-preview", rule)
    assert "Enter a share above 0% and up to 100%." in shown and "2000" not in shown
    assert shown.count("“99999999” is not a whole number") == 2


def part(staff: Staff, name: str, rule: str, **more: str) -> str:
    """What a part answers to the form that a rule is shown in."""
    client = browser_of(staff, **HTMX)
    fields = Form(client.get(filter_address(rule=rule)).content.decode()).fields
    answer = post(client, reverse(name), fields, **more)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_filter_is_applied_to_the_list_with_all_else_that_the_address_asks(operations):
    client, address = browser_of(operations), filter_address(rule=RULE, sort="aum", after="x")
    fields = Form(client.get(address).content.decode()).fields
    answer = post(client, address, fields)
    assert answer.status_code == 302
    target = urlsplit(answer["Location"])
    assert target.path == reverse("members")
    query = parse_qs(target.query)
    assert json.loads(query.pop("rule")[0]) == json.loads(RULE)
    assert query == {"sort": ["aum"]}


def test_filters_of_the_list_in_the_address_become_part_of_the_rule(operations):
    client, risky = browser_of(operations), {"field": "risk_class", "op": "=", "value": "C1"}
    answer = client.get(filter_address(rule=json.dumps(RICH), risk="C1", sort="aum", aum_min="lots"))
    query = parse_qs(urlsplit(answer["Location"]).query)
    assert json.loads(query["rule"][0]) == {"all": [risky, RICH]}
    assert {"risk"}.isdisjoint(query) and query["sort"] == ["aum"]
    assert client.get(answer["Location"]).status_code == 200
    assert client.get(filter_address(rule="{", risk="C1")).status_code == 200


def test_an_empty_filter_is_no_filter(operations):
    answer = post(browser_of(operations), filter_address(sort="aum"), [("r.kind", "all")])
    assert answer["Location"] == f"{reverse('members')}?sort=aum"


def test_without_script_a_step_shows_the_page_as_it_is_then(operations):
    member("李四", aum=300_000)
    client, address = browser_of(operations), filter_address(rule=RULE)
    fields = Form(client.get(address).content.decode()).fields
    page = post(client, address, fields, do="add:r").content.decode()
    assert "<html" in page and 'name="r.2.find"' in page and "member matches" in page
    page = post(client, address, Form(page).fields, do="choose:r.2:field:last_login").content.decode()
    assert ("r.2.op", "within_last") in Form(page).fields
    answer = post(client, address, Form(page).fields)
    assert answer.status_code == 422
    assert "Complete this condition or remove it." in answer.content.decode()


def test_htmx_gets_the_conditions_alone(operations):
    answer = part(operations, "builder-step", RULE, do="negate:r.1")
    assert "<html" not in answer and 'name="r.1.not"' in answer


def test_the_preview_counts_and_shows_whom_the_reader_may_see_masked():
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    member("王小明", manager=manager, aum=300_000)
    member("李四光", aum=500_000)
    answer = part(manager, "builder-preview", RULE)
    assert "<strong>1</strong> member matches" in answer and "王小明" in answer and "李" not in answer
    answer = part(staff_of(Role.OPERATIONS), "builder-preview", RULE)
    assert "<strong>2</strong> members match" in answer and "李*" in answer and "李四光" not in answer
    answer = part(staff_of(Role.ANALYST), "builder-preview", RULE)
    assert "<strong>2</strong> members match" in answer and "李" not in answer


def test_mistakes_stand_at_their_conditions(operations):
    rule = json.dumps({"all": [RICH, {"any": [{"field": "aum", "op": ">=", "value": "lots"}]}]})
    answer = part(operations, "builder-preview", rule)
    assert 'id="r-1-0-errors" hx-swap-oob="true">“lots” is not a number' in answer
    assert '<p class="errors" id="r-0-errors" hx-swap-oob="true"></p>' in answer
    assert "Correct the marked conditions" in answer


@pytest.mark.parametrize("name", ["mobile", "birth_date"])
def test_what_is_masked_cannot_be_asked_by_any_way(operations, name):
    member("李四", aum=1, mobile="13812345678")
    condition = {"field": name, "op": "present"}
    other = {"field": "no_such_field", "op": "present"}
    hidden, unknown = (
        part(operations, "builder-step", "", rule_json=json.dumps({"all": [one]}), do="paste")
        for one in (condition, other)
    )
    suggested = re.compile("(?<=Use one of: )[^<]+")
    assert suggested.sub("", hidden).replace(name, "no_such_field") == suggested.sub("", unknown)
    assert name not in suggested.findall(hidden)[0]
    assert "match" not in part(operations, "builder-preview", json.dumps({"all": [condition]})).replace(
        "who matches", ""
    )
    found = part(operations, "builder-step", "", do="add:r")
    assert f"field:{name}" not in found


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"all": 3}', '{"any": [{"field": 3}]}', '{"all": [NaN]}', "[" * 5000, '{"not": {}}']
)
def test_what_was_pasted_and_is_no_rule_stays_with_what_is_wrong(operations, text):
    answer = part(operations, "builder-step", RULE, rule_json=text, do="paste")
    assert 'id="rule-json-errors"' in answer and 'name="r.1.value"' in answer
    assert dict(Form(answer).fields)["rule_json"].strip() == text


def test_a_pasted_rule_takes_the_place_of_the_conditions(operations):
    rule = {"any": [RICH, {"not": {"field": "stage", "op": "in", "value": ["decline"]}}]}
    fields = dict(Form(part(operations, "builder-step", RULE, rule_json=json.dumps(rule), do="paste")).fields)
    assert (fields["r.kind"], fields["r.1.not"], fields["r.1.value"]) == ("any", "1", "decline")


@pytest.mark.parametrize("form", [{f"r.{n}.is": "" for n in range(400)}, {f"r{'.1' * 20}.kind": "all"}])
def test_a_form_that_is_too_large_is_refused(operations, form):
    answer = post(browser_of(operations), reverse("builder-step"), list(form.items()))
    assert answer.status_code == 400


def test_an_estimate_says_so_and_how_far_it_may_be_off(operations, monkeypatch):
    for number in range(60):
        member(f"张{number}", aum=300_000 if number % 2 else 1000)
    monkeypatch.setattr(previews, "CHEAP", 0)
    answer = part(operations, "builder-preview", json.dumps(RICH))
    assert "About <strong>30</strong> ±" in answer and "estimated from 60 members" in answer
    assert answer.count("张*") == previews.SHOWN


@pytest.mark.parametrize("name", ["builder-step", "builder-preview"])
def test_no_part_takes_more_than_ten_queries(operations, name, django_assert_max_num_queries):
    member("李四", aum=300_000)
    client = browser_of(operations, **HTMX)
    fields = Form(client.get(filter_address(rule=RULE)).content.decode()).fields
    with django_assert_max_num_queries(10):
        post(client, reverse(name), fields, do="update")


def test_a_filter_is_saved_as_a_segment_with_its_rule(operations):
    client, address = browser_of(operations), filter_address(rule=RULE)
    fields = Form(client.get(address).content.decode()).fields
    answer = post(client, address, fields, save="1")
    page = client.get(answer["Location"]).content.decode()
    assert ("r.0.value", "200,000") in Form(page).fields and 'name="why"' in page
    name = [("name", "Rich"), ("why", "To call them")]
    step = post(client, reverse("segment-new"), [*fields, *name], do="negate:r.1").content.decode()
    assert {("name", "Rich"), ("r.1.not", "1")} <= set(Form(step).fields) and not Segment.objects.exists()
    saved = post(client, reverse("segment-new"), [*fields, *name])
    segment = Segment.objects.get()
    assert saved["Location"] == reverse("segment", args=[segment.pk]) and segment.rule == json.loads(RULE)
    page = client.get(reverse("segment-edit", args=[segment.pk])).content.decode()
    asked = {one for one in fields if one[0].startswith("r.")}
    assert asked and asked <= set(Form(page).fields)


def test_a_segment_is_not_saved_while_a_condition_is_incomplete(operations):
    form = [("name", "Rich"), ("r.kind", "all"), ("r.0.is", "field:aum"), ("r.0.value", "1"), ("r.1.is", "")]
    answer = post(browser_of(operations), reverse("segment-new"), form)
    assert answer.status_code == 422 and not Segment.objects.exists()
    assert "Complete this condition or remove it." in answer.content.decode()
