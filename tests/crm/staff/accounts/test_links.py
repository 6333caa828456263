"""One-time links: voided by closing or another role; a password is set with its log or not at all."""

import pytest
from django.db import connection
from django.test import Client
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from crm.staff.accounts import change as accounts
from crm.staff.accounts.links import one_time_links
from crm.staff.models import AccountChange, Role, Session
from tests.crm.cast import NOW, browser_of, staff_of

NEW = {"new_password1": "another long one 8", "new_password2": "another long one 8"}


@pytest.fixture
def ann(db):
    return staff_of(Role.COMPLIANCE)


@pytest.fixture
def boss(db):
    staff_of(Role.ADMINISTRATOR)
    return staff_of(Role.ADMINISTRATOR)


def link_of(person) -> str:
    return (
        f"/set-password/{urlsafe_base64_encode(force_bytes(person.pk))}/{one_time_links.make_token(person)}/"
    )


def follow(link: str, **fields: str):
    client = Client()
    page = client.get(link, follow=True)
    return client.post(page.request["PATH_INFO"], fields or NEW)


def test_a_link_sets_a_password_once(ann):
    link = link_of(ann)
    assert follow(link).status_code == 302
    ann.refresh_from_db()
    assert ann.check_password(NEW["new_password1"])
    assert follow(link, new_password1="third long one 9", new_password2="third long one 9").status_code == 200
    ann.refresh_from_db()
    assert ann.check_password(NEW["new_password1"])


def test_closing_the_account_voids_its_links_for_good(ann, boss):
    link = link_of(ann)
    told = {"by": boss, "reason": "left the firm", "now": NOW}
    accounts.deactivate(ann.pk, **told)
    follow(link)
    accounts.reactivate(ann.pk, **told, approved=True)
    follow(link)
    ann.refresh_from_db()
    assert not ann.has_usable_password()


def test_another_role_voids_links_given_before(boss):
    """One person gives a link for a manager; kept, it must not open the account once it may approve."""
    person = staff_of(Role.RELATIONSHIP_MANAGER)
    link = link_of(person)
    told = {"by": boss, "reason": "joins compliance", "now": NOW, "approved": True}
    accounts.change(
        person.pk, display_name=person.display_name, role=Role.COMPLIANCE, team=person.team, **told
    )
    follow(link)
    person.refresh_from_db()
    assert not person.has_usable_password()


@pytest.mark.django_db(transaction=True)
def test_a_password_that_cannot_be_logged_is_not_stored():
    person = staff_of(Role.COMPLIANCE)
    person.set_password("long enough for anybody 7")
    person.save()
    browser = browser_of(person)
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute("ALTER TABLE staff_accountchange ADD CONSTRAINT disk_full CHECK (id < 0) NOT VALID")
    try:
        browser.raise_request_exception = False
        answer = browser.post("/password/", {"old_password": "long enough for anybody 7", **NEW})
        assert answer.status_code == 500
        person.refresh_from_db()
        assert person.check_password("long enough for anybody 7")
        assert Session.objects.filter(staff=person).exists()
        assert not AccountChange.objects.exists()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE staff_accountchange DROP CONSTRAINT disk_full")
        connection.close()
