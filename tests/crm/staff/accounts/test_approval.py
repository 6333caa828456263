"""Nobody makes their own checker: accounts that may decide requests need a second person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command

from crm.staff.accounts import approval
from crm.staff.accounts import change as accounts
from crm.staff.four_eyes import requests
from crm.staff.models import Request, Role, Staff
from tests.crm.cast import NOW, browser_of, staff_of

DECIDERS = (Role.COMPLIANCE, Role.OPERATIONS, Role.ADMINISTRATOR)
NEW = {"username": "li.na", "display_name": "李娜", "language": "", "team": "", "reason": "joins compliance"}


@pytest.fixture
def boss(world):
    return staff_of(Role.ADMINISTRATOR)


@pytest.fixture
def checker(world):
    return staff_of(Role.COMPLIANCE)


def approve(checker: Staff) -> Request:
    return requests.approve(request_id=Request.objects.latest("id").pk, checker=checker, opinion="", now=NOW)


@pytest.mark.parametrize("role", DECIDERS)
def test_a_new_decider_is_made_by_two(boss, checker, role):
    page = browser_of(boss).post("/staff/add/", NEW | {"role": role})
    assert page.status_code == 302
    assert not Staff.objects.filter(username="li.na").exists()
    with pytest.raises(requests.CannotDecide, match="own_request"):
        approve(boss)
    approve(checker)
    made = Staff.objects.get(username="li.na")
    assert (made.role, made.is_active, made.has_usable_password()) == (role, True, False)
    link = {"what": "link", "reason": "first sign-in"}
    assert "/set-password/" in browser_of(boss).post(f"/staff/{made.pk}/change/", link).content.decode()
    again = browser_of(boss).post(f"/staff/{made.pk}/change/", link)  # one link for one approval
    assert again.status_code == 302
    assert Request.objects.filter(state="pending").count() == 1


def test_a_new_analyst_is_made_by_one(boss):
    assert (
        "/set-password/" in browser_of(boss).post("/staff/add/", NEW | {"role": "analyst"}).content.decode()
    )


def test_another_role_a_link_and_a_return_of_a_decider_wait_for_a_second_person(boss, checker):
    other, gone, colleague = staff_of(Role.ANALYST), staff_of(Role.OPERATIONS), staff_of(Role.COMPLIANCE)
    Staff.objects.filter(pk=gone.pk).update(is_active=False)
    Staff.objects.filter(pk=colleague.pk).update(password="kept")
    client = browser_of(boss)
    role = {"what": "change", "display_name": "New", "role": "compliance", "team": "", "reason": "moves over"}
    for person, form in (
        (other, role),
        (colleague, {"what": "link", "reason": "forgot the password"}),
        (gone, {"what": "reopen", "reason": "is back again"}),
    ):
        assert client.post(f"/staff/{person.pk}/change/", form).status_code == 302
    assert Request.objects.filter(kind=approval.KIND, state="pending").count() == 3
    before = Staff.objects.in_bulk([other.pk, gone.pk, colleague.pk])
    assert (before[other.pk].role, before[gone.pk].is_active) == ("analyst", False)
    assert before[colleague.pk].password == "kept"
    assert client.post(f"/staff/{other.pk}/change/", role).status_code == 422  # one request an account
    for request in Request.objects.all():
        requests.approve(request_id=request.pk, checker=checker, opinion="", now=NOW)
    after = Staff.objects.in_bulk([other.pk, gone.pk])
    assert (after[other.pk].role, after[gone.pk].is_active) == ("compliance", True)
    assert approval.may_issue_link(colleague, NOW)
    assert not approval.may_issue_link(colleague, NOW + timedelta(days=8))


def test_whoever_becomes_a_decider_keeps_no_password_that_one_administrator_set(boss, checker):
    other = staff_of(Role.ANALYST)
    other.set_password("chosen by the administrator")
    other.save()
    stranger = browser_of(other)
    role = {"what": "change", "display_name": "New", "role": "compliance", "team": "", "reason": "moves over"}
    browser_of(boss).post(f"/staff/{other.pk}/change/", role)
    approve(checker)
    other.refresh_from_db()
    assert other.role == "compliance" and not other.has_usable_password()
    assert stranger.get("/requests/").status_code == 302
    link = {"what": "link", "reason": "first sign-in"}  # the approval of the role is that of the link
    assert "/set-password/" in browser_of(boss).post(f"/staff/{other.pk}/change/", link).content.decode()


def test_no_way_round_in_python(boss):
    told = {"by": boss, "reason": "to try it", "now": NOW}
    other, colleague = staff_of(Role.ANALYST), staff_of(Role.COMPLIANCE)
    gone = staff_of(Role.OPERATIONS)
    Staff.objects.filter(pk=gone.pk).update(is_active=False)
    for attempt in (
        lambda: accounts.create_account(
            username="x", display_name="x", role=Role.COMPLIANCE, team=None, language="", **told
        ),
        lambda: accounts.change(other.pk, display_name="x", role=Role.OPERATIONS, team=None, **told),
        lambda: accounts.reset_password(colleague.pk, **told),
        lambda: approval.issue_link(colleague.pk, **told),
        lambda: accounts.reactivate(gone.pk, **told),
    ):
        with pytest.raises(accounts.CannotChange, match="account_needs_second_person"):
            attempt()


def test_the_checker_reads_what_the_account_becomes(boss, checker):
    browser_of(boss).post("/staff/add/", NEW | {"role": "compliance"})
    page = browser_of(checker).get("/requests/").content.decode()
    for words in ("Create account li.na", "李娜", "Compliance officer"):
        assert words in page


def test_two_deciders_stay(boss):
    only = staff_of(Role.COMPLIANCE)
    told = {"by": boss, "reason": "to try it", "now": NOW}
    with pytest.raises(accounts.CannotChange, match="last_deciders"):
        accounts.deactivate(only.pk, **told)
    with pytest.raises(accounts.CannotChange, match="last_deciders"):
        accounts.change(only.pk, display_name="x", role=Role.ANALYST, team=None, **told)
    staff_of(Role.OPERATIONS)
    assert not accounts.deactivate(only.pk, **told).is_active


def test_the_first_two_and_whoever_is_left_come_from_the_server(db, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a long password 1")
    for name in ("first", "second"):
        call_command("createsuperuser", username=name, display_name=name, interactive=False)
    roles = set(Staff.objects.values_list("role", flat=True))
    assert roles == {Role.ADMINISTRATOR}
