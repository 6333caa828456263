import pytest
from django.test import Client
from django.urls import reverse

from crm.staff.models import Role, Staff

pytestmark = pytest.mark.django_db
PASSWORD = "plain-Sailing-4711"


@pytest.fixture
def staff():
    return Staff.objects.create_user(
        "li.na", PASSWORD, display_name="Li Na", role=Role.CUSTOMER_SERVICE, language="en"
    )


def _sign_in(client, username="li.na", password=PASSWORD, **more):
    fields = {"username": username, "password": password} | more
    return client.post(reverse("sign-in"), fields, headers={"Accept-Language": "en"})


def _signed_in(client):
    return "_auth_user_id" in client.session


def test_the_sign_in_page_opens(client):
    assert client.get(reverse("sign-in")).status_code == 200


def test_signing_in_leads_back_to_the_page_that_was_asked_for(client, staff):
    response = _sign_in(client, next="/jobs/")
    assert (response.status_code, response["Location"]) == (302, "/jobs/")
    assert _signed_in(client)


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_signing_in_leads_nowhere_else(client, staff, elsewhere):
    assert _sign_in(client, next=elsewhere)["Location"] == reverse("home")


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"username": "nobody"}, {"username": "li\0na"}])
def test_a_wrong_password_signs_nobody_in(client, staff, wrong):
    assert _sign_in(client, **wrong).status_code == 200
    assert not _signed_in(client)


def test_a_closed_account_does_not_sign_in_and_is_out_at_once(client, staff):
    _sign_in(client)
    Staff.objects.update(is_active=False)
    response = client.get(reverse("password-change"))
    assert (response.status_code, response["Location"].partition("?")[0]) == (302, reverse("sign-in"))
    other = Client()
    _sign_in(other)
    assert not _signed_in(other)


def test_ten_failures_shut_the_door_even_to_the_right_password(client, staff):
    for _ in range(9):
        assert _sign_in(client, password="wrong").status_code == 200
    assert _sign_in(client, password="wrong").status_code == 429
    shut = _sign_in(client)
    assert shut.status_code == 429
    assert "Too many failed attempts" in shut.content.decode()
    assert not _signed_in(client)
    assert _sign_in(client, username="somebody.else", password="wrong").status_code == 200


def test_signing_out_is_a_post(client, staff):
    client.force_login(staff)
    assert client.get(reverse("sign-out")).status_code == 405
    assert _signed_in(client)
    assert client.post(reverse("sign-out"))["Location"] == reverse("sign-in")
    assert not _signed_in(client)


def test_a_post_from_another_site_is_refused(staff):
    strict = Client(enforce_csrf_checks=True)
    assert _sign_in(strict).status_code == 403


def test_the_password_can_be_changed_and_the_session_stays(client, staff):
    _sign_in(client)
    new = "rougher-Waters-0815"
    response = client.post(
        reverse("password-change"), {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    )
    assert (response.status_code, response["Location"]) == (302, reverse("home"))
    assert _signed_in(client)
    staff.refresh_from_db()
    assert staff.check_password(new)


@pytest.mark.parametrize("new", ["short", "1234567890123", "password1234"])
def test_a_weak_password_is_refused(client, staff, new):
    _sign_in(client)
    fields = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post(reverse("password-change"), fields).status_code == 200
    staff.refresh_from_db()
    assert staff.check_password(PASSWORD)


def test_passwords_are_not_kept_in_plain(staff):
    assert PASSWORD not in Staff.objects.values_list("password", flat=True).get()
