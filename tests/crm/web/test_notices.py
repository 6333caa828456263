"""What a notice says, how it is meant, and the way back: in the page without script, as an event with it."""

import json

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpResponse
from django.template import Context, Template
from django.test import RequestFactory

from crm.staff.models import Role
from crm.web.notices import Level, Notice, Undo, keep, take_undo
from crm.web.responses import done, refused
from tests.crm.cast import browser_of, staff_of

HTMX = {"HX-Request": "true"}


@pytest.fixture
def request_of(world):
    """A request with session and messages, as one of a signed-in person."""
    client = browser_of(staff_of(Role.ANALYST))

    def make(**headers) -> object:
        request = RequestFactory(headers=headers).post("/")
        request.session = client.session
        request._messages = FallbackStorage(request)
        return request

    return make


def told(response: HttpResponse) -> dict:
    return json.loads(response.headers["HX-Trigger"])


@pytest.mark.parametrize("level", Level)
def test_a_notice_keeps_its_level_on_either_way(request_of, level):
    assert told(done(request_of(**HTMX), "/", "Words.", level=level))["toast"]["level"] == level
    plain = request_of()
    assert done(plain, "/back/", "Words.", level=level)["Location"] == "/back/"
    (message,) = get_messages(plain)
    assert (message.level_tag, message.message) == (level, "Words.")


def test_a_refusal_is_no_success_and_shuts_no_dialog(request_of):
    answer = refused(request_of(**HTMX), "/", "Not now.", events=["rows:changed"])
    assert (answer.status_code, answer.headers["HX-Reswap"]) == (422, "none")
    said = told(answer)
    assert said["toast"] == {"words": "Not now.", "level": "error", "undo": None}
    assert "rows:changed" in said and "dialog:close" not in said
    plain = request_of()
    assert refused(plain, "/back/", "Not now.").status_code == 302
    assert [message.level_tag for message in get_messages(plain)] == ["error"]


def test_an_undo_waits_in_the_session_and_is_given_out_once(request_of):
    request = request_of()
    keep(request, Notice("Deleted.", undo=Undo("/restore/", {"id": "5"})))
    keep(request, Notice("Saved."))
    deleted, saved = get_messages(request)
    assert "restore" not in deleted.tags
    assert take_undo(request, saved) is None
    assert take_undo(request, deleted) == Undo("/restore/", {"id": "5"})
    assert take_undo(request, deleted) is None


def test_only_the_latest_undos_are_kept(request_of):
    request = request_of()
    for number in range(10):
        keep(request, Notice("Deleted.", undo=Undo(f"/restore/{number}/")))
    found = [take_undo(request, message) for message in get_messages(request)]
    assert [undo.address for undo in found if undo] == ["/restore/7/", "/restore/8/", "/restore/9/"]


def test_an_error_is_read_out_at_once():
    drawn = Template('{% include "web/frame/toast.html" %}')
    assert 'role="alert"' in drawn.render(Context({"words": "No.", "level": "error"}))
    assert 'role="alert"' not in drawn.render(Context({"words": "Yes.", "level": "success"}))
