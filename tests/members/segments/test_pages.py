"""Pages of segments: what each reader sees, what forms do, and how many queries they cost."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.staff.models import Export, Role, Team
from members.segments.change.delete import delete_segment
from members.segments.change.save import Draft, create_segment
from members.segments.models import Kind, Segment
from tests.crm.cast import NOW, browser_of, markup, member, staff_of
from tests.members.segments.worlds import RICH, kept, maker, members_of, segment

pytestmark = pytest.mark.django_db
MOST_QUERIES = 10


@pytest.fixture(autouse=True)
def _now(settings):
    settings.BUSINESS_NOW = NOW.isoformat()


def page(staff, name, *arguments, **query):
    return browser_of(staff).get(reverse(name, args=arguments), query)


def test_the_list_tells_counts_assets_and_the_week_over_visible_members():
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    member(aum=5000, manager=manager), member(aum=7000)
    made = segment(name="Rich", why="They pay the bills")
    kept()
    seen = markup(page(maker(), "segments"))
    assert "Rich" in seen
    assert "They pay the bills" in seen
    assert ">2<" in seen
    own = markup(page(manager, "segments"))
    assert ">1<" in own
    assert ">2<" not in own
    assert made.pk


def test_a_segment_that_is_not_computed_yet_says_so():
    segment()
    assert "Calculating" in markup(page(maker(), "segments"))


def test_what_is_not_computed_yet_is_not_told_as_zero():
    member(aum=5000)
    made, other = segment(name="Rich"), segment({"field": "aum", "op": ">=", "value": 6000}, name="Richer")
    shown = markup(page(maker(), "segment", made.pk, **{"with": other.pk}))
    for zero in ("No members", "None of the members", "no change", "0 members are also", "¥0"):
        assert zero not in shown
    assert "Calculating…" in shown
    assert "Cannot be compared" in shown


@pytest.mark.parametrize("name", ["segments", "segment"])
def test_a_page_waits_for_its_segments_and_is_read_again_once_they_are_computed(name):
    made = segment(name="Rich")
    browser, address = browser_of(maker()), reverse(name, args=[made.pk] if name == "segment" else [])
    poll = 'hx-get="?computing=1"'
    assert poll in browser.get(address).content.decode()
    asked = {"path": f"{address}?computing=1", "headers": {"HX-Request": "true"}}
    assert browser.get(**asked).status_code == 204
    kept()
    assert browser.get(**asked).headers["HX-Refresh"] == "true"
    assert poll not in browser.get(address).content.decode()


@pytest.mark.parametrize(
    ("kind", "days", "words"), [("rule", 8, True), ("rule", 3, False), ("frozen", 8, False)]
)
def test_a_week_without_change_is_told_of_what_was_there_a_week_ago_and_can_change(kind, days, words):
    member(aum=5000)
    began = NOW - timedelta(days=days)
    as_of = began if kind == "frozen" else None
    draft = Draft("Members", Kind(kind), {"field": "member_id", "op": ">", "value": 0}, as_of=as_of)
    made = create_segment(draft, staff=maker(), now=began)
    kept(began)
    for name, arguments in (("segments", []), ("segment", [made.pk])):
        assert ("no change" in markup(page(maker(), name, *arguments))) is words


def test_pages_cost_few_queries():
    for number in range(12):
        member(aum=1000 * number)
    made = [segment(name=f"S{number}") for number in range(4)]
    kept()
    manager, lead = staff_of(Role.RELATIONSHIP_MANAGER), staff_of(Role.TEAM_LEAD)
    for staff in (maker(), manager, lead):
        for name, arguments, query in (
            ("segments", (), {}),
            ("segment", (made[0].pk,), {}),
            ("segment", (made[0].pk,), {"with": made[1].pk}),
        ):
            browser = browser_of(staff)
            address = reverse(name, args=arguments)
            browser.get(address, query)
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(address, query).status_code == 200
            assert len(queries) <= MOST_QUERIES, (name, [str(one["sql"])[:90] for one in queries])


def test_one_segment_shows_masked_members_its_rule_growth_and_overlap():
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    member("欧阳若溪", aum=5000, manager=manager), member("司徒云帆", aum=7000)
    made, other = segment(name="Rich"), segment({"field": "aum", "op": ">=", "value": 6000}, name="Richer")
    kept(NOW - timedelta(days=3))
    everybody = markup(page(maker(), "segment", made.pk, **{"with": other.pk}))
    assert "欧阳若溪" not in everybody
    assert "1 members are also in “Richer”" in everybody
    assert "50%" in everybody
    own = markup(page(manager, "segment", made.pk))
    assert "欧阳若溪" in own
    assert "司徒" not in own


def test_a_segment_is_made_from_a_template_and_its_mistakes_are_named():
    browser = browser_of(maker())
    address = reverse("segment-new")
    assert "At least two products, no saving plan" in markup(browser.get(address))
    form = browser.get(address, {"from": "silent_vip"})
    assert "1,000,000" in form.content.decode()
    answer = browser.post(address, {"name": "Rich", "rule": json.dumps(RICH), "why": "x"})
    made = Segment.objects.get()
    assert answer.headers["Location"] == reverse("segment", args=[made.pk])
    bad = browser.post(address, {"name": "Bad", "rule": '{"all": [{"field": "aum", "op": "!"}]}'})
    assert bad.status_code == 422
    assert "$.all[0].op" in bad.content.decode()
    assert browser.post(address, {"name": "Bad", "rule": "{"}).status_code == 422


def test_a_segment_is_edited_deleted_and_restored():
    made = segment(name="Rich")
    browser = browser_of(maker())
    edit = reverse("segment-edit", args=[made.pk])
    browser.post(edit, {"name": "Richer", "rule": json.dumps(RICH), "why": "", "version": 1})
    made.refresh_from_db()
    assert (made.name, made.version) == ("Richer", 2)
    stale = browser.post(edit, {"name": "Third", "rule": json.dumps(RICH), "version": 1})
    assert stale.status_code == 422
    browser.post(reverse("segment-delete", args=[made.pk]))
    assert browser.get(reverse("segment", args=[made.pk])).status_code == 404
    browser.post(reverse("segment-restore", args=[made.pk]))
    assert browser.get(reverse("segment", args=[made.pk])).status_code == 200


def test_who_comes_back_finds_the_rule_as_it_was_built():
    made, built = segment(name="Rich"), json.dumps({"field": "aum", "op": ">=", "value": 4321})
    browser = browser_of(maker())
    edit, new = reverse("segment-edit", args=[made.pk]), reverse("segment-new")
    for address, more in ((edit, {}), (new, {}), (new, {"from": "silent_vip"})):
        assert "4,321" in markup(browser.get(address, {**more, "rule": built}))
    preview = browser.post(reverse("builder-preview"), {
        "r.kind": "all", "r.0.is": "field:aum", "r.0.op": ">=", "r.0.value": "4321"
    })  # fmt: skip
    assert "data-rule=" in preview.content.decode()


def test_deleted_segments_are_listed_and_restored_for_thirty_days(django_assert_max_num_queries):
    old, late = segment(name="Forgotten"), segment(name="Rich", why="They pay the bills")
    for one, days in ((old, 31), (late, 29)):
        delete_segment(one.pk, staff=maker(), now=NOW - timedelta(days=days))
    browser = browser_of(maker())
    assert reverse("segments-deleted") in markup(browser.get(reverse("segments")))
    with django_assert_max_num_queries(MOST_QUERIES):
        shown = markup(browser.get(reverse("segments-deleted")))
    assert "Rich" in shown
    assert "Forgotten" not in shown
    browser.post(reverse("segment-restore", args=[late.pk]))
    browser.post(reverse("segment-restore", args=[old.pk]))
    assert set(Segment.objects.existing()) == {late}
    assert "No deleted segments" in markup(browser.get(reverse("segments-deleted")))


def test_a_deleted_segment_is_neither_shown_to_nor_restored_by_whom_it_was_hidden_from():
    hidden = segment({"field": "number", "op": "present"}, name="Posted")
    delete_segment(hidden.pk, staff=maker(), now=NOW)
    browser = browser_of(staff_of(Role.ANALYST))
    assert "Posted" not in markup(browser.get(reverse("segments-deleted")))
    answer = browser.post(reverse("segment-restore", args=[hidden.pk]), follow=True)
    assert "Posted" not in answer.content.decode()
    assert not Segment.objects.existing().exists()


def test_a_list_is_uploaded_and_says_what_is_unknown():
    who = member()
    made = create_segment(Draft("Guests", Kind.LIST), staff=maker(), now=NOW)
    file = SimpleUploadedFile("ids.csv", f"id\n{who.pk}\n987654\n".encode())
    form = {"how": "replace", "by": "number", "file": file}
    answer = browser_of(maker()).post(reverse("segment-upload", args=[made.pk]), form)
    assert members_of(made) == {who.pk}
    assert "987654" in answer.content.decode()
    without = browser_of(maker()).post(
        reverse("segment-upload", args=[made.pk]), {"how": "add", "by": "number"}
    )
    assert without.status_code == 422


def test_the_day_of_a_frozen_segment_is_sent_back_as_it_was_shown():
    browser = browser_of(staff_of(Role.OPERATIONS, language="zh-hans"))
    shown = markup(browser.get(reverse("segment-new"), {"kind": "frozen"}))
    assert f'value="{NOW.date().isoformat()}"' in shown


def test_an_analyst_is_not_offered_the_numbers_of_the_platform():
    member(number="M000045")
    made = create_segment(Draft("Guests", Kind.LIST), staff=maker(), now=NOW)
    browser, address = browser_of(staff_of(Role.ANALYST)), reverse("segment-upload", args=[made.pk])
    assert "M0000" not in markup(browser.get(address))
    answers = [
        browser.post(
            address, {"how": "add", "by": "outside", "file": SimpleUploadedFile("ids.csv", number.encode())}
        )
        for number in ("M000045", "M999999")
    ]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert members_of(made) == set()


def test_an_export_needs_a_purpose_which_is_logged_and_holds_visible_members():
    lead = staff_of(Role.TEAM_LEAD, Team.objects.create(name="Team"))
    own = member("欧阳若溪", aum=5000, manager=staff_of(Role.RELATIONSHIP_MANAGER, lead.team))
    other = member("司徒云帆", aum=7000)
    made = segment(name="Rich")
    kept()
    address = reverse("segment-export", args=[made.pk])
    browser_of(lead).post(address, {"purpose": ""})
    assert not Export.objects.exists()
    file = b"".join(browser_of(lead).post(address, {"purpose": "salon invitations"})).decode()
    assert f"#{own.pk}" in file
    assert f"#{other.pk}" not in file
    assert "欧阳若溪" not in file
    begun, ended = Export.objects.order_by("id")
    assert begun.query["purpose"] == "salon invitations"
    assert ended.rows == 1
