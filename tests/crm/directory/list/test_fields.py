"""Every field of the catalogue filters, is a column, leaves in files; who may not see it learns nothing."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext_lazy as _

from crm.directory.list import index_scan
from crm.directory.list.request.columns import NAMES_BEFORE, in_groups, is_shown
from crm.directory.models import SavedView
from crm.runtime.database.grants import APP_ROLE
from crm.staff.models import Role
from members.profiles.models import Member
from members.rules.catalogue import fields as catalogue
from members.rules.catalogue.fields import Field, Index, Source, fields, fields_for, sources
from members.rules.catalogue.types import Choice, Type
from members.rules.language.parse import parse
from members.rules.sentences import sentence
from tests.crm.cast import browser_of, markup, member, staff_of

EXPORTERS = (Role.TEAM_LEAD, Role.COMPLIANCE, Role.OPERATIONS, Role.ANALYST)
SEALED = {
    "name": "王小明",
    "mobile": "13800001234",
    "email": "xiaoming@example.com",
    "address": "上海市浦东新区世纪大道1号",
    "birth_date": "1990-02-03",
}


def asks(field: Field) -> dict[str, Any]:
    """A condition on a field that needs no value of its own."""
    op = {Type.FLAG: "is", Type.SET: "empty"}.get(field.type, "present")
    return {"field": field.name, "op": op, **({"value": True} if op == "is" else {})}


def file_of(client, address: str) -> list[list[str]]:
    text = b"".join(client.post(address, {"purpose": "salon"}).streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.fixture
def wang(world):
    """A member of whom everything personal is known, in nobody's book."""
    from crm.runtime.secrets.crypto import encrypt

    row = member(SEALED["name"], number="M-1", mobile=SEALED["mobile"])
    sealed = {name: encrypt(name, SEALED[name]) for name in ("email", "address")}
    Member.objects.filter(pk=row.pk).update(**sealed, birth_date=SEALED["birth_date"], tags=["VIP"])
    return row


def test_every_field_filters_is_shown_and_leaves_in_a_file(wang):
    staff = staff_of(Role.OPERATIONS)
    client, plain = browser_of(staff), fields_for(staff)
    for name, field in plain.items():
        rule = asks(field)
        page = client.get("/members/", {"rule": json.dumps(rule)})
        assert page.status_code == 200, name
        chip = page.context_data["chips"][0]
        assert chip["value"] == sentence(parse(rule)), name
        assert str(field.label).lower() in chip["value"].lower(), name
    shown = [field for field in in_groups() if is_shown(field, staff)]
    assert {field.name for field in shown} >= plain.keys()
    cols = ",".join(field.name for field in shown)
    with CaptureQueriesContext(connection) as queries:
        page = client.get("/members/", {"cols": cols})
    assert len(queries) <= 10
    assert [head.label for head in page.context_data["heads"]] == [field.label for field in shown]
    heads, line = file_of(client, f"/members/export/?cols={cols}")
    assert heads[2:] == [str(field.label) for field in shown]
    assert line[2 + [field.name for field in shown].index("tags")] == "VIP"


def test_whatever_has_an_index_sorts_either_way(wang):
    client = browser_of(staff_of(Role.OPERATIONS))
    other = member("李雷", aum=Decimal(1))
    indexed = {name for name, field in fields.items() if field.index}
    assert indexed >= {"aum", "stage_since", "registered_at", "next_change", "assessment_ends"}
    for name in fields:
        for sort in (name, f"-{name}"):
            page = client.get("/members/", {"sort": sort, "cols": name})
            assert page.status_code == (200 if name in indexed else 400), sort
            if name in indexed:
                assert {row.view.id for row in page.context_data["page"].rows} == {wang.pk, other.pk}
                (head,) = page.context_data["heads"]
                assert head.sorted and f"sort={'' if sort.startswith('-') else '-'}{name}" in head.address


@pytest.mark.parametrize("role", Role)
def test_who_may_not_see_a_field_learns_nothing_of_it(wang, role):
    staff = staff_of(role)
    client, plain = browser_of(staff), fields_for(staff)
    unknown = client.get("/members/", {"rule": json.dumps({"field": "shoe_size", "op": "present"})})
    for name, field in fields.items():
        if name in plain:
            continue
        asked = json.dumps(asks(field))
        for query in (
            {"rule": asked},
            {"rule": asked, "sort": "-aum"},
            {"rule": json.dumps({"not": asks(field)})},
        ):
            refused = client.get("/members/", query)
            assert refused.status_code == 400, name
        said = refused_words(client.get("/members/", {"rule": asked}), name)
        assert said == refused_words(unknown, "shoe_size"), name
        assert client.get("/members/", {"sort": name}).status_code == 400
        view = SavedView.objects.create(owner=staff, name=name, query={"rule": asked, "cols": name})
        assert browser_of(staff).get(f"/members/?view={view.pk}").context_data["left_out"][-1] == "rule"
    hidden = ",".join(name for name in fields if name not in plain)
    page = markup(client.get("/members/", {"cols": hidden, "view": "all"}))
    for name, value in SEALED.items():
        assert value not in page, name
    if role in EXPORTERS:
        lines = file_of(client, f"/members/export/?cols={hidden}")
        assert not [value for value in SEALED.values() for line in lines for cell in line if value in cell]


def refused_words(answer, name: str) -> str:
    """What a refusal says, without the name that was asked for and those it proposes."""
    return markup(answer).partition("Rule, at ")[2].replace(name, "…").partition("”")[0]


def test_masked_values_stand_masked_in_their_columns(wang):
    client = browser_of(staff_of(Role.COMPLIANCE))
    page = markup(client.get("/members/?cols=mobile,email,birth_date,address"))
    for shown in ("138****1234", "x***@example.com", ">1990<", "上海市浦东新区***"):
        assert shown in page
    client = browser_of(staff_of(Role.ANALYST))
    assert [head.label for head in client.get("/members/?cols=mobile,aum").context_data["heads"]] == [
        "Assets"
    ]


def test_a_bad_rule_says_where_it_is_wrong(wang):
    client = browser_of(staff_of(Role.OPERATIONS))
    for rule, words in (
        ("{", "not valid JSON"),
        ('{"all": [{"field": "aum", "op": "has_any", "value": 1}]}', "$.all[0].op"),
        ('{"field": "aum", "op": "=", "value": "much"}', "$.value"),
        ("x" * 7_000, "not valid"),
    ):
        answer = client.get("/members/", {"rule": rule})
        assert answer.status_code == 400
        assert words in answer.content.decode()


def test_views_saved_before_there_were_fields_still_open(wang):
    staff = staff_of(Role.OPERATIONS)
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    query = {
        "cols": "stage,aum,manager,region,channel," + ",".join(NAMES_BEFORE),
        "sort": "registered", "warning": "any", "idle_days": "1", "risk": "none", "aum_min": "0",
        "region": "上海", "registered_from": "2000-01-01", "assessment": "30", "new_since": "2020-01-01",
        "manager": str(manager.pk), "due_days": "7", "matures": "30", "complaint": "open", "plan": "missed",
        "channel": "app",
    }  # fmt: skip
    view = SavedView.objects.create(owner=staff, name="旧", query=query)
    client = browser_of(staff)
    address = client.get("/members/").context_data["views"][1]["address"]
    page = client.get(address)
    assert page.status_code == 200 and f"view={view.pk}" in address
    assert page.context_data["left_out"] == [] and not page.context_data["views"][1]["changed"]
    labels = [head.label for head in page.context_data["heads"]]
    assert labels[5:] == [fields[name].label for name in NAMES_BEFORE.values()]
    assert len(page.context_data["chips"]) == len(query) - 2
    sort = next(head for head in page.context_data["heads"] if head.sorted)
    assert (sort.label, sort.sorted) == ("Registered", "descending")


@pytest.fixture
def colours(world, monkeypatch):
    """A capability of its own: a table with a row for some members, and two fields over it."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute(
            "CREATE TABLE sample_colour"
            " (member_id bigint PRIMARY KEY, colour text NOT NULL, shades int NOT NULL)"
        )
        cursor.execute("CREATE INDEX sample_colour_by_shades ON sample_colour (shades, member_id)")
        cursor.execute(f"GRANT ALL ON sample_colour TO {APP_ROLE}")
        cursor.execute(f"SET ROLE {APP_ROLE}")
    shared = {"sources": ("colour",), "tables": ("sample_colour",), "privacy": fields["stage"].privacy}
    added = (
        Field(
            name="colour", label=_("Tags"), help=_("The tags that the source or staff gave the member."),
            type=Type.CHOICE, sql="colour.colour",
            choices=lambda: [Choice("gold", "Gold"), Choice("tin", "Tin")], **shared,
        ),
        Field(
            name="shades", label=_("Number of products"), help=_("How many products the member holds."),
            type=Type.NUMBER, sql="colour.shades", index=Index("sample_colour_by_shades"), **shared,
        ),
    )  # fmt: skip
    catalogue.register_sources(Source("colour", "sample_colour", "member_id", optional=True))
    catalogue.register(*added)
    in_groups.cache_clear()
    yield
    del sources._entries["colour"], fields._entries["colour"], fields._entries["shades"]
    in_groups.cache_clear()


def test_one_entry_makes_a_filter_a_column_an_order_and_a_cell(colours, monkeypatch):
    monkeypatch.setattr(index_scan, "SPAN", 3)
    rows = {
        name: member(name, aum=Decimal(number))
        for number, name in enumerate(("甲甲", "乙乙", "丙丙", "丁丁"))
    }
    with connection.cursor() as cursor:
        for name, colour, shades in (("甲甲", "gold", 5), ("丙丙", "tin", 9)):
            cursor.execute("INSERT INTO sample_colour VALUES (%s, %s, %s)", [rows[name].pk, colour, shades])
    staff = staff_of(Role.OPERATIONS)
    client = browser_of(staff)

    def names(**asked: str) -> list[str]:
        found, after = [], ""
        while True:
            page = client.get("/members/", {**asked, "after": after}).context_data["page"]
            found += [row.view.name for row in page.rows]
            if not (after := page.next):
                return found

    gold = json.dumps({"field": "colour", "op": "=", "value": "gold"})
    assert names(rule=gold) == ["甲*"]
    assert names(rule=gold, sort="shades") == ["甲*"]
    assert names(sort="shades")[:2] == ["丙*", "甲*"] and len(names(sort="shades")) == 4
    assert names(sort="-shades")[:2] == ["甲*", "丙*"] and len(names(sort="-shades")) == 4
    page = markup(client.get("/members/?cols=colour,shades"))
    assert ">Gold<" in page and ">9<" in page
    assert [line[2:] for line in file_of(client, "/members/export/?cols=colour,shades&sort=shades")][:3] == [
        ["Tags", "Number of products"], ["Tin", "9"], ["Gold", "5"],
    ]  # fmt: skip
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    assert browser_of(manager).get("/members/", {"sort": "shades", "rule": gold}).status_code == 200


def test_the_list_says_how_many_were_looked_at(world, monkeypatch):
    monkeypatch.setattr(index_scan, "SPAN", 2)
    for number in range(5):
        member(aum=Decimal(number))
    rule = json.dumps({"field": "tags", "op": "has_any", "value": ["VIP"]})
    page = markup(browser_of(staff_of(Role.OPERATIONS)).get("/members/", {"rule": rule}))
    assert "2 members checked here; the search continues further down the list." in page
