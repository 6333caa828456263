"""Staff and teams: lists, a person's page, and what is done to an account through it."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from crm.office import staff_list
from crm.staff.models import AccountChange, Role, Staff, Team
from crm.staff.names.collation import name_key
from crm.web.lists.tokens import read_token, write_token
from tests.crm.cast import browser_of, member, staff_of

PASSWORD = "plain-Sailing-4711"


@pytest.fixture
def boss():
    return staff_of(Role.ADMINISTRATOR)


@pytest.fixture
def north():
    return Team.objects.create(name="North")


def _post(by, person, **fields):
    return browser_of(by).post(reverse("staff-change", args=[person.pk]), fields)


def test_the_list_says_who_looks_after_how_many_and_is_narrowed(boss, north):
    ann = staff_of(Role.RELATIONSHIP_MANAGER, north)
    member("王小明", manager=ann)
    gone = staff_of(Role.ANALYST)
    Staff.objects.filter(pk=gone.pk).update(is_active=False)
    client = browser_of(boss)
    rows = client.get("/staff/").context_data["page"].rows
    assert {row.staff: row.book.members for row in rows} == {boss: 0, ann: 1, gone: 0}
    for query, found in (
        (f"team={north.pk}", [ann]),
        ("state=closed", [gone]),
        ("role=administrator", [boss]),
        (f"q={ann.username.upper()}", [ann]),
    ):
        assert [row.staff for row in client.get(f"/staff/?{query}").context_data["page"].rows] == found
    for wrong in ("role=king", "state=ajar", "team=x", "team=" + "9" * 19):
        assert client.get(f"/staff/?{wrong}").status_code == 400


def test_staff_and_teams_stand_by_pinyin_page_by_page(boss, monkeypatch):
    names = ["周慧敏", "何俊峰", "唐可", "单雄信", "孔维", "Hugo", "方舟", "何俊峰", "欧阳修"]
    Staff.objects.filter(pk=boss.pk).update(name_key="~")
    Staff.objects.bulk_create(
        Staff(username=f"p{place}", display_name=name, role=Role.ANALYST, password="!")
        for place, name in enumerate(names)
    )
    Team.objects.bulk_create(Team(name=f"{name}{place}") for place, name in enumerate(names))
    sorted_names = ["方舟", "何俊峰", "何俊峰", "Hugo", "孔维", "欧阳修", "单雄信", "唐可", "周慧敏"]
    monkeypatch.setattr(staff_list, "SIZE", 2)
    client, after, seen = browser_of(boss), "", []
    for _ in names:
        page = client.get("/staff/", {"role": "analyst", "after": after}).context_data["page"]
        seen += [row.staff.display_name for row in page.rows]
        after = page.next
        if not after:
            break
    assert seen == sorted_names
    shown = client.get("/teams/").context_data["page"].rows
    assert [one.team.name[:-1] for one in shown] == sorted_names
    offered = re.findall(r">([^<]+)\d</option>", client.get("/staff/").content.decode())
    assert offered == sorted_names


def test_a_new_name_has_a_new_place(boss, north):
    ann = staff_of(Role.ANALYST)
    _post(boss, ann, what="change", display_name="安然", role="analyst", team="", reason="married now")
    ann.refresh_from_db()
    assert (ann.display_name, ann.name_key) == ("安然", name_key("安然"))
    browser_of(boss).post(f"/teams/{north.pk}/", {"name": "北京", "reason": "is there"})
    north.refresh_from_db()
    assert (north.name, north.name_key) == ("北京", name_key("北京"))


def test_a_key_of_a_long_name_fits_the_address_of_a_page():
    key = name_key("张" * 80)
    assert len(key) <= 120 and read_token(write_token(key, 2**62), str, int) == [key, 2**62]
    assert name_key("单") == "shan4 5355" and name_key("简单").endswith("dan1 5355")


def test_a_lead_reads_the_own_team_and_changes_nothing(north):
    lead, ann = staff_of(Role.TEAM_LEAD, north), staff_of(Role.RELATIONSHIP_MANAGER, north)
    stranger = staff_of(Role.RELATIONSHIP_MANAGER, Team.objects.create(name="South"))
    client = browser_of(lead)
    assert {row.staff for row in client.get("/staff/").context_data["page"].rows} == {lead, ann}
    page = client.get(f"/staff/{ann.pk}/")
    assert page.status_code == 200
    assert '<form class="card"' not in page.content.decode()
    assert client.get(f"/staff/{stranger.pk}/").status_code == 404
    assert client.get(f"/teams/{stranger.team_id}/").status_code == 404
    assert _post(lead, ann, what="close", reason="left the bank").status_code == 403
    assert client.post(f"/teams/{north.pk}/", {"name": "Mine", "reason": "rather so"}).status_code == 403


def test_the_page_pages_by_key_and_costs_the_same(boss, django_assert_max_num_queries):
    Staff.objects.bulk_create(
        Staff(username=f"u{n:03}", display_name=f"N {n // 2:03}", role=Role.ANALYST, password="!")
        for n in range(120)
    )
    client, seen, after = browser_of(boss), [], ""
    for _ in range(3):
        with django_assert_max_num_queries(6):
            page = client.get("/staff/", {"after": after} if after else {}).context_data["page"]
        seen += [row.staff.pk for row in page.rows]
        after = page.next
    assert len(seen) == len(set(seen)) == 121
    assert not after


def test_a_book_too_large_to_count_is_said_to_be_more(boss, monkeypatch):
    ann = staff_of(Role.RELATIONSHIP_MANAGER)
    for name in ("甲", "乙", "丙"):
        member(name, manager=ann)
    monkeypatch.setattr(staff_list, "MOST_COUNTED", 2)
    assert staff_list.book_sizes([ann.pk, boss.pk]) == {
        ann.pk: staff_list.BookSize(2, more=True),
        boss.pk: staff_list.BookSize(0),
    }


def test_changing_closing_and_reopening_are_recorded_on_the_page(boss, north, django_assert_max_num_queries):
    ann = staff_of(Role.RELATIONSHIP_MANAGER)
    fields = {"display_name": "Ann Li", "role": "team_lead", "team": north.pk, "reason": "promoted in spring"}
    assert _post(boss, ann, what="change", **fields).status_code == 302
    assert _post(boss, ann, what="close", reason="left the bank").status_code == 302
    client = browser_of(boss)
    with django_assert_max_num_queries(10):
        page = client.get(f"/staff/{ann.pk}/").content.decode()
    for words in (
        "Ann Li",
        "promoted in spring",
        "left the bank",
        "Relationship manager</del>",
        "Reactivate",
    ):
        assert words in page
    assert _post(boss, ann, what="reopen", reason="came back").status_code == 302
    ann.refresh_from_db()
    assert (ann.is_active, ann.role, ann.team) == (True, Role.TEAM_LEAD, north)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {"what": "change", "display_name": "", "role": "analyst", "reason": "because"},
            "This field is required",
        ),
        (
            {"what": "change", "display_name": "A", "role": "king", "reason": "because"},
            "Select a valid choice",
        ),
        ({"what": "close", "reason": "no"}, "at least 4 characters"),
        ({"what": "unlock", "reason": "asked for it"}, "This account is not locked"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_changes(boss, fields, words):
    ann = staff_of(Role.RELATIONSHIP_MANAGER)
    answer = _post(boss, ann, **fields)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not AccountChange.objects.exists()


def test_an_unknown_deed_and_an_unknown_person_are_not_found(boss):
    assert _post(boss, staff_of(Role.ANALYST), what="fly", reason="because").status_code == 404
    assert browser_of(boss).get("/staff/999999/").status_code == 404
    assert browser_of(boss).post("/staff/999999/change/", {"what": "close"}).status_code == 404


def test_the_last_administrator_is_told_and_keeps_the_role(boss):
    second = staff_of(Role.ADMINISTRATOR)
    _post(boss, second, what="close", reason="left the bank")
    page = browser_of(boss).get(f"/staff/{boss.pk}/").content.decode()
    assert "your own account" in page
    assert _post(boss, boss, what="close", reason="had enough").status_code == 422
    boss.refresh_from_db()
    assert boss.is_active


def test_a_new_person_sets_a_password_through_the_link_once(boss, north):
    fields = {
        "username": "li.na",
        "display_name": "李娜",
        "role": "analyst",
        "language": "en",
        "reason": "joins today",
    }
    page = browser_of(boss).post("/staff/add/", fields)
    link = re.search(r"http://testserver(/set-password/[^<\s]+)", page.content.decode())[1]
    newcomer = Client()
    assert newcomer.post("/sign-in/", {"username": "li.na", "password": ""}).status_code == 200
    form = newcomer.get(link, follow=True)
    assert form.status_code == 200
    target = form.redirect_chain[-1][0]
    assert newcomer.post(target, {"new_password1": "short", "new_password2": "short"}).status_code == 200
    good = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    assert newcomer.post(target, good)["Location"] == "/sign-in/"
    assert newcomer.post("/sign-in/", {"username": "li.na", "password": PASSWORD}).status_code == 302
    assert (
        "This link has expired"
        in Client(headers={"Accept-Language": "en"}).get(link, follow=True).content.decode()
    )
    kinds = AccountChange.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["opened", "password_set"]


def test_a_new_link_makes_the_old_password_useless(boss):
    ann = Staff.objects.create_user("ann", PASSWORD, display_name="Ann", role=Role.ANALYST)
    browser = browser_of(ann)
    assert _post(boss, ann, what="link", reason="forgot it").status_code == 200
    assert browser.get("/account/").status_code == 302
    ann.refresh_from_db()
    assert not ann.check_password(PASSWORD)


def test_who_needs_a_new_password_gets_no_other_page(boss):
    ann = Staff.objects.create_user("ann", PASSWORD, display_name="Ann", role=Role.ANALYST, language="en")
    browser = browser_of(ann)
    _post(boss, ann, what="ask", reason="seen on a note")
    assert browser.get("/members/")["Location"] == "/password/"
    part = browser.get("/members/", headers={"HX-Request": "true"})
    assert part["HX-Redirect"] == "/password/"
    assert "requires you to change your password" in browser.get("/password/").content.decode()
    new = "rougher-Waters-0815"
    browser.post("/password/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert browser.get("/members/").status_code == 200


def test_a_lock_is_seen_and_taken_away(boss):
    Staff.objects.create_user("ann", PASSWORD, display_name="Ann", role=Role.ANALYST, language="en")
    ann = Staff.objects.get(username="ann")
    stranger = Client()
    for _ in range(10):
        stranger.post("/sign-in/", {"username": "ann", "password": "wrong"})
    assert stranger.post("/sign-in/", {"username": "ann", "password": PASSWORD}).status_code == 429
    assert "Too many failed sign-ins" in browser_of(boss).get(f"/staff/{ann.pk}/").content.decode()
    assert _post(boss, ann, what="unlock", reason="it was her").status_code == 302
    assert stranger.post("/sign-in/", {"username": "ann", "password": PASSWORD}).status_code == 302


def test_teams_are_founded_and_renamed_and_tell_who_leads_and_what_was_left(boss, north):
    ann = staff_of(Role.RELATIONSHIP_MANAGER, north)
    member("王小明", manager=ann)
    _post(boss, ann, what="close", reason="left the bank")
    client = browser_of(boss)
    page = client.get("/teams/").content.decode()
    assert "1 deactivated account still has assigned members" in page
    assert client.post("/teams/", {"name": "North", "reason": "another one"}).status_code == 422
    assert client.post("/teams/", {"name": "South", "reason": "a new branch"}).status_code == 302
    assert client.post(f"/teams/{north.pk}/", {"name": "Far North", "reason": "it moved"}).status_code == 302
    text = client.get(f"/teams/{north.pk}/").content.decode()
    assert "Far North" in text
    assert "it moved" in text


def test_one_sees_and_ends_the_own_sessions(boss):
    here, there = browser_of(boss), browser_of(boss)
    page = here.get("/account/").content.decode()
    assert "Sign out all others" in page
    assert "Create, edit and deactivate accounts" in page
    assert here.post("/account/sessions/", {"others": "1"}).status_code == 302
    assert there.get("/account/").status_code == 302
    assert here.get("/account/").status_code == 200
    assert here.post("/account/sessions/", {}).status_code == 400


def test_many_teams_come_page_by_page(boss):
    Team.objects.bulk_create(Team(name=f"Team {number:02}") for number in range(25))
    client = browser_of(boss)
    first = client.get("/teams/")
    more = first.context_data["page"].next
    assert more and "Show more" in first.content.decode()
    rest = client.get("/teams/", {"after": more}, headers={"HX-Request": "true"}).content.decode()
    assert "Team 24" in rest and "<html" not in rest
    assert client.get("/teams/", {"after": "nonsense"}).status_code == 400
