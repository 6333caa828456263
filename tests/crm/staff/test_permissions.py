import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory

from crm.staff.models import Role, Staff
from crm.staff.permissions import TABLE, Action, NotAllowed, allowed, may, require

ANALYST = Staff(username="analyst", role=Role.ANALYST)


def _request(staff, **headers):
    request = RequestFactory().get("/members/?stage=growth", headers=headers)
    request.user = staff
    return request


@allowed("see_jobs")
def jobs(request):
    return HttpResponse("jobs")


def test_every_action_is_somebodys_and_every_action_has_a_line():
    assert set(TABLE) == set(Action)
    assert all(TABLE.values())


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
def test_the_table_decides(role, action):
    assert may(Staff(username="a", role=role), action) is (role in TABLE[action])


@pytest.mark.parametrize("action", [Action.SEARCH_PEOPLE, Action.REVEAL])
def test_an_analyst_reaches_no_person(action):
    assert not may(ANALYST, action)


@pytest.mark.parametrize("action", Action)
def test_closed_accounts_and_strangers_may_nothing(action):
    assert not may(Staff(username="a", role=Role.ADMINISTRATOR, is_active=False), action)
    assert not may(AnonymousUser(), action)


def test_the_superuser_flag_gives_no_right():
    assert not may(Staff(username="a", role=Role.ANALYST, is_superuser=True), Action.REVEAL)


def test_an_action_that_is_not_in_the_table_is_a_mistake():
    with pytest.raises(ValueError):
        may(ANALYST, "fly")
    with pytest.raises(ValueError):
        allowed("fly")


def test_require_names_action_and_role():
    with pytest.raises(NotAllowed, match="reveal.*analyst"):
        require(ANALYST, Action.REVEAL)


def test_a_guarded_view_answers_whom_it_may():
    assert jobs(_request(Staff(username="a", role=Role.OPERATIONS))).content == b"jobs"
    with pytest.raises(NotAllowed):
        jobs(_request(ANALYST))


class TestStrangers:
    """Whoever is not signed in goes to the sign-in page and comes back."""

    @pytest.fixture(autouse=True)
    def _urls(self, settings):
        settings.LOGIN_URL = "/sign-in/"
        settings.ROOT_URLCONF = "crm.staff.urls"

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
