import json
from datetime import timedelta

import pytest
from django.db import connection

from crm.directory.list import saved_views
from crm.directory.models import SavedView
from crm.runtime.errors import error_text
from crm.staff.models import Role, Team
from members.segments.change.delete import delete_segment
from members.segments.change.refusals import SegmentRefused
from tests.crm.cast import NOW, browser_of, markup, member, staff_of
from tests.members.segments.worlds import segment

HTMX = {"HX-Request": "true"}


@pytest.fixture
def team(world):
    return Team.objects.create(name="一部")


@pytest.fixture
def manager(team):
    return staff_of(Role.RELATIONSHIP_MANAGER, team)


def keep(staff, name="我的衰退", query=None, shared=False, **more) -> SavedView:
    query = {"stage": "decline", "sort": "since"} if query is None else query
    return saved_views.save(staff=staff, name=name, query=query, shared=shared, **more)


def labels(staff, **parameters) -> list[str]:
    return [view["label"] for view in browser_of(staff).get("/members/", parameters).context_data["views"]]


def test_a_view_is_saved_from_the_address_and_opens_it_again(manager):
    client = browser_of(manager)
    asked = "/members/views/save/?stage=decline&sort=since&cols=aum,stage&unknown=1&after=x"
    assert b'name="name"' in client.get(asked, headers=HTMX).content
    answer = client.post(asked, {"name": " 我的  衰退 "})
    view = SavedView.objects.get()
    assert (view.name, view.shared) == ("我的 衰退", False)
    assert view.query == {"stage": "decline", "sort": "since", "cols": "aum,stage"}
    page = client.get(answer.headers["Location"])
    assert [head.label for head in page.context_data["heads"]] == ["Assets", "Stage"]
    (_all, mine) = page.context_data["views"]
    assert (mine["current"], mine["changed"]) == (True, False)
    changed = client.get(f"{answer.headers['Location']}&warning=any").context_data["views"][1]
    assert changed["changed"]


@pytest.mark.parametrize("name", ["", "  ", "\0", "长" * 61])
def test_a_view_needs_a_name(manager, name):
    answer = browser_of(manager).post("/members/views/save/?stage=decline", {"name": name})
    assert answer.status_code == 422
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("query", ["stage=x", "aum_min=abc", "sort=name", "region=" + "王" * 500])
def test_what_no_list_could_ask_is_not_saved(manager, query):
    assert browser_of(manager).post(f"/members/views/save/?{query}", {"name": "a"}).status_code == 400
    assert not SavedView.objects.exists()


def test_a_name_is_there_once_for_each_owner(manager, team):
    keep(manager)
    with pytest.raises(saved_views.CannotSave, match="already"):
        keep(manager)
    keep(staff_of(Role.RELATIONSHIP_MANAGER, team))
    other = keep(manager, "另一个")
    with pytest.raises(saved_views.CannotSave, match="already"):
        keep(manager, "我的衰退", view_id=other.pk)
    assert SavedView.objects.count() == 3


def test_a_shared_view_is_the_teams_and_shows_its_reader_no_more_than_theirs(manager, team):
    lead, stranger = staff_of(Role.TEAM_LEAD, team), staff_of(Role.RELATIONSHIP_MANAGER)
    member("张一", manager=manager, stage="decline"), member("李二", manager=lead, stage="decline")
    keep(lead, "部门衰退", {"stage": "decline", "manager": str(manager.pk), "gone": "1"}, shared=True)
    keep(lead, "私人")
    assert labels(manager) == ["My members", "部门衰退"]
    assert labels(stranger) == ["My members"]
    page = browser_of(manager).get(browser_of(manager).get("/members/").context_data["views"][1]["address"])
    assert [row.view.name for row in page.context_data["page"].rows] == ["张一"]
    assert sorted(page.context_data["left_out"]) == ["gone", "manager"]
    assert "gone, manager" in page.content.decode()


def test_of_old_views_only_what_is_known_is_used(manager):
    query = {"stage": "no such stage", "sort": "shoe size", "cols": "aum,shoes", "risk": 7, "region": "上海"}
    view = SavedView.objects.create(owner=manager, name="旧", query=query)
    kept, left_out = saved_views.usable_query(view, manager)
    assert kept == {"cols": "aum", "region": "上海"}
    assert sorted(left_out) == ["risk", "shoes", "sort", "stage"]
    SavedView.objects.filter(pk=view.pk).update(query=["not", "a", "query"])
    assert browser_of(manager).get(f"/members/?view={view.pk}").status_code == 200


def test_views_move_up_and_down(manager):
    first, second, third = (keep(manager, name) for name in "甲乙丙")
    client = browser_of(manager)
    client.post(f"/members/views/{third.pk}/move/", {"to": "up"})
    client.post(f"/members/views/{first.pk}/move/", {"to": "up"}, headers=HTMX)
    client.post(f"/members/views/{second.pk}/move/", {"to": "down"})
    assert labels(manager)[1:] == ["甲", "丙", "乙"]


def test_a_deleted_view_can_be_taken_back_unless_its_name_is_in_use(manager):
    view, client = keep(manager), browser_of(manager)
    answer = client.post(f"/members/views/{view.pk}/delete/", headers=HTMX)
    assert answer.status_code == 204
    assert f"/members/views/{view.pk}/restore/" in answer.headers["HX-Trigger"]
    assert labels(manager) == ["My members"]
    client.post(f"/members/views/{view.pk}/restore/")
    assert labels(manager) == ["My members", "我的衰退"]
    twice = client.post(f"/members/views/{view.pk}/restore/", headers=HTMX)
    assert twice.status_code == 422
    assert json.loads(twice.headers["HX-Trigger"])["toast"] == {
        "words": "Already undone.", "level": "error", "undo": None,
    }  # fmt: skip
    client.post(f"/members/views/{view.pk}/delete/")
    again = keep(manager)
    client.post(f"/members/views/{view.pk}/restore/")
    assert [row.pk for row in saved_views.views_of(manager).own] == [again.pk]
    saved_views.delete(staff=manager, view_id=again.pk, now=NOW + timedelta(days=2))
    assert not SavedView.objects.filter(pk=view.pk).exists()


def test_the_list_opens_with_the_view_one_begins_with(manager, team):
    view = keep(staff_of(Role.TEAM_LEAD, team), shared=True)
    client = browser_of(manager)
    client.post("/members/views/begin/", {"view": view.pk})
    address = f"/members/?sort=since&stage=decline&view={view.pk}"
    assert client.get("/members/").headers["Location"] == address
    assert client.get("/members/?view=all").status_code == 200
    SavedView.objects.filter(pk=view.pk).update(shared=False)
    assert client.get("/members/").status_code == 200
    SavedView.objects.filter(pk=view.pk).update(shared=True)
    client.post("/members/views/begin/", {"view": ""})
    assert client.get("/members/").status_code == 200


def test_columns_are_kept_with_the_view_or_for_lists_without_one(manager):
    member(manager=manager)
    client, view = browser_of(manager), keep(manager, query={"sort": "aum"})
    chosen = {"column": ["aum", "risk"], "place-aum": "2", "place-risk": "1"}
    client.post("/members/columns/", chosen)
    assert [head.label for head in client.get("/members/").context_data["heads"]] == ["Risk class", "Assets"]
    client.post(f"/members/columns/?view={view.pk}", {"column": ["since"], "place-since": "x"})
    view.refresh_from_db()
    assert view.query == {"sort": "aum", "cols": "stage_since"}
    assert [head.label for head in client.get("/members/").context_data["heads"]] == ["Risk class", "Assets"]


def test_nobody_touches_the_views_of_others(manager, team):
    view = keep(manager, shared=True)
    other = browser_of(staff_of(Role.TEAM_LEAD, team))
    assert other.post(f"/members/views/{view.pk}/delete/").status_code == 404
    assert other.post(f"/members/views/{view.pk}/", {"name": "b"}).status_code == 404
    other.post(f"/members/views/{view.pk}/move/", {"to": "up"})
    other.post(f"/members/views/{view.pk}/restore/")
    other.post(f"/members/views/save/?view={view.pk}&stage=growth", {"name": "neu", "replace": "1"})
    view.refresh_from_db()
    assert (view.name, view.query["stage"], view.deleted_at) == ("我的衰退", "decline", None)
    stranger = browser_of(staff_of(Role.ANALYST))
    assert stranger.post("/members/views/begin/", {"view": view.pk}).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_one_name_at_once_one_is_told(settings):
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier

    staff, gate = staff_of(Role.ANALYST), Barrier(4)

    def attempt(_number: int) -> bool:
        try:
            gate.wait(60)
            keep(staff)
        except saved_views.CannotSave:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(attempt, range(4)))
    assert outcomes == [False, False, False, True]
    assert SavedView.objects.count() == 1


@pytest.mark.parametrize("address", ["/members/columns/", "/members/views/"])
def test_columns_and_views_are_part_of_the_members_and_lead_back_to_them(world, address):
    page = markup(browser_of(staff_of(Role.OPERATIONS)).get(address))
    assert 'href="/members/" data-go="m" aria-current="page"' in page
    assert 'class="back" href="/members/' in page


@pytest.mark.django_db
def test_a_segment_that_a_saved_view_names_is_not_deleted():
    """Of a private view others learn whose it is, of a shared one its name too."""
    staff, admin = staff_of(Role.RELATIONSHIP_MANAGER), staff_of(Role.ADMINISTRATOR)
    made, other = segment(), segment(name="Other")
    rule = json.dumps({"not": {"field": "segment", "op": "has_any", "value": [str(made.pk)]}})
    mine = SavedView.objects.create(owner=staff, name="secret", query={"rule": rule, "sort": "name"})
    SavedView.objects.create(owner=staff, name="broken", query={"rule": '{"field": "segment"'})
    shared = SavedView.objects.create(owner=admin, name="of all", query={"rule": rule}, shared=True)
    with pytest.raises(SegmentRefused) as refused:
        delete_segment(made.pk, staff=admin, now=NOW)
    words = error_text(refused.value)
    assert staff.display_name in words
    assert "of all" in words
    assert "secret" not in words
    assert delete_segment(other.pk, staff=admin, now=NOW).deleted_at
    SavedView.objects.filter(pk__in=[mine.pk, shared.pk]).update(deleted_at=NOW)
    assert delete_segment(made.pk, staff=admin, now=NOW).deleted_at
