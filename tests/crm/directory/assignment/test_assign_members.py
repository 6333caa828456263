"""Assigning members from their page and from the list: who may, what is previewed, what two at once do."""

import json
import re
from datetime import timedelta

import pytest

from crm.runtime import clock
from crm.staff.models import Role, Team
from crm.web.palette import registry as palette
from members.profiles.book import CannotAssign, assign, books_version
from members.profiles.models import Book
from tests.crm.cast import NOW, browser_of, markup, member, staff_of

ADDRESS = "/members/assign/"


@pytest.fixture
def team(world):
    return Team.objects.create(name="一部")


@pytest.fixture
def lead(team):
    return staff_of(Role.TEAM_LEAD, team)


@pytest.fixture
def ann(team):
    return staff_of(Role.RELATIONSHIP_MANAGER, team)


@pytest.fixture
def bob(team):
    return staff_of(Role.RELATIONSHIP_MANAGER, team)


def manager_of(row):
    return Book.objects.get(member=row, ended_at=None).staff


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the form, as a browser would send them on."""
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    return {name: value for name, value in fields.items() if name != "csrfmiddlewaretoken"}


def test_one_member_is_assigned_from_the_page_with_a_note_and_the_name_of_who_did_it(lead, ann, bob):
    row = member("王小明", manager=ann)
    client = browser_of(lead)
    form = client.get(ADDRESS, {"member": row.id, "back": "member"}).content.decode()
    answer = client.post(
        f"{ADDRESS}?back=member", hidden(form) | {"manager": bob.pk, "note": "安去休假", "step": "assign"}
    )
    assert answer.headers["Location"] == f"/members/{row.id}/"
    assert manager_of(row) == bob
    now = Book.objects.get(member=row, ended_at=None)
    assert (now.reason, now.assigned_by) == ("安去休假", lead)
    page = markup(client.get(f"/members/{row.id}/?tab=person"))
    assert "安去休假" in page and f"assigned by {lead}" in page
    timeline = markup(client.get(f"/members/{row.id}/?tab=timeline&source=record"))
    assert f"{ann} → {bob} · 安去休假 · assigned by {lead}" in timeline
    assert "Relationship manager unassigned" not in timeline


def test_members_chosen_in_the_list_are_previewed_before_anything_changes(lead, ann, bob):
    hers, his = [member(manager=ann) for _ in range(2)], member(manager=bob)
    ids = [row.id for row in (*hers, his)]
    client = browser_of(lead)
    form = client.post(ADDRESS, {"member": ids}).content.decode()
    given = hidden(form) | {"manager": bob.pk, "note": "new team"}
    preview = markup(client.post(ADDRESS, given | {"step": "preview"}))
    assert "Assign 2 members" in preview
    assert f"1 member is already assigned to {bob}." in preview
    assert manager_of(hers[0]) == ann
    client.post(ADDRESS, hidden(preview) | {"step": "assign"})
    assert {manager_of(row) for row in (*hers, his)} == {bob}


def test_what_is_previewed_is_not_assigned_once_another_lead_was_quicker(lead, ann, bob):
    rows = [member(manager=ann) for _ in range(2)]
    client = browser_of(lead)
    form = client.post(ADDRESS, {"member": [row.id for row in rows]}).content.decode()
    given = hidden(form) | {"manager": bob.pk, "note": "new team"}
    preview = client.post(ADDRESS, given | {"step": "preview"}).content.decode()
    other = staff_of(Role.RELATIONSHIP_MANAGER, lead.team)
    assign(member_ids=[rows[1].id], staff=other, reason="quicker", now=NOW, by=lead)
    answer = client.post(ADDRESS, hidden(preview) | {"step": "assign"})
    assert answer.status_code == 422
    assert "Someone else has reassigned" in answer.content.decode()
    assert [manager_of(row) for row in rows] == [ann, other]


def test_without_a_version_nothing_is_assigned(lead, ann, bob):
    row = member(manager=ann)
    given = {"members": row.id, "manager": bob.pk, "note": "new team", "step": "assign"}
    assert browser_of(lead).post(ADDRESS, given).status_code == 422
    assert manager_of(row) == ann


def test_all_that_match_the_filters_are_chosen(lead, ann, bob):
    growing, fading = member(manager=ann), member(manager=ann, stage="decline")
    client = browser_of(lead)
    form = client.post(f"{ADDRESS}?stage=decline", {"all": "1"}).content.decode()
    assert hidden(form)["members"] == str(fading.id)
    given = hidden(form) | {"manager": bob.pk, "note": "win back", "step": "assign"}
    answer = client.post(f"{ADDRESS}?stage=decline", given)
    assert answer.headers["Location"] == "/members/?stage=decline"
    assert (manager_of(fading), manager_of(growing)) == (bob, ann)


def test_more_than_the_bound_are_refused_in_words(lead, ann, monkeypatch):
    monkeypatch.setattr("crm.directory.assignment.pages.MOST", 1)
    for _ in range(2):
        member(manager=ann)
    answer = browser_of(lead).post(ADDRESS, {"all": "1"})
    assert answer.status_code == 422
    assert "At most 1 members" in answer.content.decode()


class TestWhoMay:
    def test_a_lead_cannot_take_members_of_another_team(self, lead, bob):
        elsewhere = staff_of(Role.RELATIONSHIP_MANAGER, Team.objects.create(name="二部"))
        theirs, nobodys = member(manager=elsewhere), member()
        given = {"members": f"#{theirs.id} #{nobodys.id}", "manager": bob.pk, "note": "taking over"}
        answer = browser_of(lead).post(ADDRESS, given | {"step": "preview"})
        assert answer.status_code == 422
        assert "You cannot assign any of these members" in answer.content.decode()
        for row in (theirs, nobodys):
            with pytest.raises(CannotAssign, match="members_not_visible"):
                assign(member_ids=[row.id], staff=bob, reason="taking over", now=NOW, by=lead)

    def test_nor_give_members_to_another_team(self, lead, ann):
        elsewhere = staff_of(Role.RELATIONSHIP_MANAGER, Team.objects.create(name="二部"))
        row = member(manager=ann)
        client = browser_of(lead)
        form = client.get(ADDRESS, {"member": row.id}).content.decode()
        assert f'value="{elsewhere.pk}"' not in form
        given = hidden(form) | {"manager": elsewhere.pk, "note": "giving away", "step": "assign"}
        assert client.post(ADDRESS, given).status_code == 422
        with pytest.raises(CannotAssign, match="manager_not_in_team"):
            assign(member_ids=[row.id], staff=elsewhere, reason="giving away", now=NOW, by=lead)
        assert manager_of(row) == ann

    def test_an_administrator_assigns_those_without_a_manager(self, ann):
        row = member()
        client = browser_of(staff_of(Role.ADMINISTRATOR))
        form = client.get(ADDRESS, {"member": row.id}).content.decode()
        client.post(ADDRESS, hidden(form) | {"manager": ann.pk, "note": "first manager", "step": "assign"})
        assert manager_of(row) == ann

    @pytest.mark.parametrize("role", [Role.RELATIONSHIP_MANAGER, Role.ANALYST, Role.COMPLIANCE])
    def test_others_neither_may_nor_are_offered_it(self, role, ann):
        row = member(manager=ann)
        client = browser_of(ann if role == Role.RELATIONSHIP_MANAGER else staff_of(role))
        assert client.get(ADDRESS).status_code == 403
        for page in ("/members/?view=all", f"/members/{row.id}/"):
            assert ADDRESS not in client.get(page).content.decode()

    def test_a_member_that_left_the_books_since_the_preview_stops_the_rest(self, lead, ann, bob):
        rows = [member(manager=ann) for _ in range(2)]
        version = books_version([row.id for row in rows])
        elsewhere = staff_of(Role.RELATIONSHIP_MANAGER, Team.objects.create(name="二部"))
        assign(member_ids=[rows[0].id], staff=elsewhere, reason="moves house", now=NOW)
        with pytest.raises(CannotAssign, match="members_not_visible"):
            assign(
                member_ids=[row.id for row in rows],
                staff=bob,
                reason="new team",
                now=NOW + timedelta(days=1),
                by=lead,
                version=version,
            )
        assert manager_of(rows[1]) == ann


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"members": "12a"}, "is not a member number"),
        ({"members": ""}, "Select at least one member"),
        ({"members": "99999"}, "You cannot assign any"),
    ],
)
def test_what_cannot_be_assigned_is_said(lead, given, words):
    answer = browser_of(lead).post(ADDRESS, given | {"step": "preview"})
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_the_preview_of_many_takes_as_many_queries_as_of_one(lead, ann, bob, django_assert_max_num_queries):
    ids = [member(manager=ann).id for _ in range(20)]
    client = browser_of(lead)
    with django_assert_max_num_queries(10):
        client.post(ADDRESS, {"member": ids, "manager": bob.pk, "note": "new team", "step": "preview"})


def test_the_palette_offers_it_to_whoever_may(lead, ann):
    def offered(staff):
        return [hit.address for group in palette.find("assign members", staff) for hit in group.hits]

    assert ADDRESS in offered(lead)
    assert ADDRESS not in offered(ann)
    assert "Member numbers" in browser_of(lead).get(ADDRESS).content.decode()


class TestUndo:
    @pytest.fixture
    def assigned(self, lead, ann, bob):
        """Two members of two managers, come to a third; the client of who did it, and the way back."""
        third = staff_of(Role.RELATIONSHIP_MANAGER, lead.team)
        rows = [member(manager=ann), member(manager=bob)]
        client = browser_of(lead)
        form = client.post(ADDRESS, {"member": [row.id for row in rows]}).content.decode()
        given = hidden(form) | {"manager": third.pk, "note": "new team", "step": "assign"}
        answer = client.post(ADDRESS, given, headers={"HX-Request": "true"})
        way_back = json.loads(answer.headers["HX-Trigger"])["toast"]["undo"]
        assert way_back["address"] == f"{ADDRESS}undo/"
        return client, rows, way_back["fields"]

    def test_it_gives_the_members_back_once_and_keeps_what_happened(self, assigned, ann, bob):
        client, rows, fields = assigned
        client.post(f"{ADDRESS}undo/", fields)
        assert [manager_of(row) for row in rows] == [ann, bob]
        assert [Book.objects.filter(member=row).count() for row in rows] == [3, 3]
        again = client.post(f"{ADDRESS}undo/", fields, headers={"HX-Request": "true"})
        assert again.status_code == 422
        assert [manager_of(row) for row in rows] == [ann, bob]

    def test_it_overwrites_nobody_and_is_all_or_nothing(self, assigned, lead, bob):
        client, rows, fields = assigned
        third = manager_of(rows[1])
        assign(member_ids=[rows[0].id], staff=bob, reason="quicker", now=clock.now(), by=lead)
        assert client.post(f"{ADDRESS}undo/", fields, headers={"HX-Request": "true"}).status_code == 422
        assert [manager_of(row) for row in rows] == [bob, third]

    def test_only_who_assigned_undoes_it(self, assigned, lead):
        _client, rows, fields = assigned
        other = browser_of(staff_of(Role.TEAM_LEAD, lead.team))
        assert other.post(f"{ADDRESS}undo/", fields, headers={"HX-Request": "true"}).status_code == 422
        assert other.post(f"{ADDRESS}undo/", {**fields, "at": "x"}).status_code == 400
        assert {manager_of(row).pk for row in rows} == {int(fields["manager"])}
