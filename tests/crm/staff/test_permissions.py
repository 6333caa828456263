import re
from dataclasses import replace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory

from crm.runtime.extension.registry import RegisteredTwice
from crm.staff.models import Role, Staff
from crm.staff.permissions import (
    EVERYBODY,
    REVEAL,
    Action,
    NotAllowed,
    actions,
    allowed,
    may,
    register,
    require,
    rights,
    undeclared,
)
from crm.web.permissions import SEE_JOBS
from members.profiles.permissions import SEARCH_PEOPLE
from tests.crm.staff.access_table import DOCUMENT

ACTIONS = list(actions.values())
ANALYST = Staff(username="analyst", role=Role.ANALYST)


def _request(staff, **headers):
    request = RequestFactory().get("/members/?stage=growth", headers=headers)
    request.user = staff
    return request


@allowed(SEE_JOBS)
def jobs(request):
    return HttpResponse("jobs")


def written() -> dict[str, set[Role]]:
    """The roles of each action as docs/access.md says."""
    table = DOCUMENT.read_text(encoding="utf-8").partition("| action |")[2].partition("\n\n")[0]
    found = {}
    for line in re.findall(r"^\| (.+) \|$", table, re.MULTILINE):
        names, *cells = line.split(" | ")
        roles = {role for role, cell in zip(Role, cells, strict=True) if cell == "✓"}
        found |= dict.fromkeys(names.split(", "), roles)
    return found


def test_the_written_table_is_what_apps_declare():
    assert written() == {action.name: set(action.roles) for action in ACTIONS}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
def test_the_table_decides(role, action):
    assert may(Staff(username="a", role=role), action) is (role in written()[action.name])


@pytest.mark.parametrize("action", [SEARCH_PEOPLE, REVEAL], ids=lambda action: action.name)
def test_an_analyst_reaches_no_person(action):
    assert not may(ANALYST, action)


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
def test_closed_accounts_and_strangers_may_nothing(action):
    assert not may(Staff(username="a", role=Role.ADMINISTRATOR, is_active=False), action)
    assert not may(AnonymousUser(), action)


def test_the_superuser_flag_gives_no_right():
    assert not may(Staff(username="a", role=Role.ANALYST, is_superuser=True), REVEAL)


def test_an_action_that_nobody_registered_is_named():
    assert list(undeclared(Action("fly", REVEAL.label, EVERYBODY))) == ["action 'fly' is not registered"]
    assert list(undeclared(replace(REVEAL))) == ["action 'reveal' is not registered"]
    assert not list(undeclared(REVEAL))


def test_of_two_actions_with_one_name_both_are_named():
    with pytest.raises(RegisteredTwice, match="Reveal masked values.*View background jobs"):
        register(Action("reveal", SEE_JOBS.label, EVERYBODY))


def test_rights_in_words_begin_with_what_one_may():
    lines = {str(words): may for words, may in rights(ANALYST)}
    assert lines["View home"]
    assert list(lines.values()) == sorted(lines.values(), reverse=True)


def test_require_names_action_and_role():
    with pytest.raises(NotAllowed, match="reveal.*analyst"):
        require(ANALYST, REVEAL)


def test_a_guarded_view_answers_whom_it_may():
    assert jobs(_request(Staff(username="a", role=Role.OPERATIONS))).content == b"jobs"
    with pytest.raises(NotAllowed):
        jobs(_request(ANALYST))


class TestStrangers:
    """Whoever is not signed in goes to the sign-in page and comes back."""

    @pytest.fixture(autouse=True)
    def _urls(self, settings):
        settings.LOGIN_URL = "/sign-in/"
        settings.ROOT_URLCONF = "crm.office.urls"

    def test_a_page_redirects(self):
        response = jobs(_request(AnonymousUser()))
        assert (response.status_code, response["Location"]) == (
            302,
            "/sign-in/?next=/members/%3Fstage%3Dgrowth",
        )

    def test_a_fragment_moves_the_whole_page(self):
        request = _request(
            AnonymousUser(),
            **{"HX-Request": "true", "HX-Current-URL": "http://testserver/lifecycle/?month=2"},
        )
        response = jobs(request)
        assert response.status_code == 200
        assert response["HX-Redirect"] == "/sign-in/?next=/lifecycle/%3Fmonth%3D2"
        assert not response.content
