"""The page of components shows each of them, to whoever is signed in, in both languages."""

import json
import re
from pathlib import Path

import pytest

from crm.staff.models import Role
from tests.crm.cast import browser_of, staff_of
from tests.harness.rendering import noted

TEMPLATES = Path("templates/web")
HTMX = {"HX-Request": "true"}
# Whole pages, which have an address of their own, and the states of jobs and files, which they show.
PAGES = re.compile(r"jobs/.*|frame/(signed_out|error|unavailable)\.html|gallery/gallery\.html")


def test_every_component_is_shown(world):
    client = browser_of(staff_of(Role.ANALYST))
    parts = ("/gallery/dialog/", "/gallery/peek/2/")
    with noted() as names:
        answers = [client.get(path) for path in ("/gallery/", *parts, "/palette/")]
        answers += [client.get(path, headers=HTMX) for path in parts]
    assert {answer.status_code for answer in answers} == {200}
    known = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html")}
    components = {name for name in known if not PAGES.fullmatch(name)}
    assert components - {name.removeprefix("web/") for name in names} == set()


@pytest.mark.parametrize("role", Role)
def test_whoever_is_signed_in_may_see_the_gallery(world, role, client, django_assert_num_queries):
    assert client.get("/gallery/").headers["Location"] == "/sign-in/?next=/gallery/"
    signed_in = browser_of(staff_of(role))
    with django_assert_num_queries(2):  # session, staff
        assert signed_in.get("/gallery/").status_code == 200


@pytest.mark.parametrize(("language", "words"), [("en", "With errors"), ("zh-hans", "有 2 处需要修改")])
def test_the_gallery_is_in_the_readers_language(world, language, words):
    assert words in browser_of(staff_of(Role.ANALYST, language=language)).get("/gallery/").content.decode()


def test_more_rows_come_as_rows_until_there_are_none(world):
    client, after, seen = browser_of(staff_of(Role.ANALYST)), "", 0
    while True:
        answer = client.get("/gallery/", {"after": after}, headers=HTMX)
        assert b"<html" not in answer.content
        seen += len(answer.context_data["page"].rows)
        after = answer.context_data["page"].next
        if not after:
            assert b"data-more" not in answer.content
            break
    assert seen == 32
    assert client.get("/gallery/", {"after": "drop table"}).status_code == 200


def test_a_dialog_is_a_page_and_with_htmx_only_itself(world):
    client = browser_of(staff_of(Role.ANALYST, language="en"))
    page, part = client.get("/gallery/dialog/"), client.get("/gallery/dialog/", headers=HTMX)
    assert "<html" in page.content.decode()
    assert "<html" not in part.content.decode()
    assert "HX-Request" in part.headers["Vary"]
    for answer in (page, part):
        assert "Save view" in answer.content.decode()
        assert 'name="reason"' in answer.content.decode()


def test_a_notice_is_a_message_without_script_and_an_event_with_it(world):
    client = browser_of(staff_of(Role.ANALYST, language="en"))
    plain = client.post("/gallery/notice/", follow=True)
    assert plain.redirect_chain[0][0] == "/gallery/#feedback"
    assert 'name="undo" value="1"' in plain.content.decode()
    event = client.post("/gallery/notice/", headers=HTMX)
    assert event.status_code == 204
    said = json.loads(event.headers["HX-Trigger"])
    assert said["toast"]["level"] == "success"
    assert said["toast"]["undo"] == {"address": "/gallery/notice/", "fields": {"undo": "1"}}
    assert list(said)[0] == "dialog:close"  # the notice would be shown in the dialog, and shut with it
    undone = client.post("/gallery/notice/", {"undo": "1"}, headers=HTMX)
    assert json.loads(undone.headers["HX-Trigger"])["toast"]["undo"] is None
    assert client.get("/gallery/notice/").status_code == 405


def test_progress_is_polled_until_it_ends(world):
    client = browser_of(staff_of(Role.ANALYST))
    polls, step = [], 1
    while True:
        polls.append(client.get(f"/gallery/progress/{step}/", headers=HTMX).content.decode())
        following = re.search(r"hx-get=\"/gallery/progress/(\d+)/\"", polls[-1])
        if not following:
            break
        step = int(following[1])
    assert len(polls) == 7
    assert "12,000 / 12,000" in polls[-1] and 'value="1.0"' in polls[-1]  # a share: the most is 1
    assert client.get("/gallery/progress/1/").headers["Location"] == "/gallery/#feedback"
