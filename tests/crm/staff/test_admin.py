import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import reverse

from crm.staff.models import Role, Staff, Team
from tests.crm.staff.people import staff_of

pytestmark = pytest.mark.django_db
PAGES = [
    "admin:staff_staff_changelist",
    "admin:staff_staff_add",
    "admin:staff_team_changelist",
    "admin:staff_team_add",
]


@pytest.mark.parametrize("page", PAGES)
def test_an_administrator_keeps_staff_and_teams(client, page):
    client.force_login(staff_of(Role.ADMINISTRATOR))
    assert client.get(reverse(page)).status_code == 200


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_nobody_else_gets_in_superuser_or_not(client, role):
    client.force_login(staff_of(role, is_superuser=True))
    for page in PAGES:
        assert client.get(reverse(page)).status_code == 302


def test_an_administrator_opens_an_account(client):
    team = Team.objects.create(name="North")
    client.force_login(staff_of(Role.ADMINISTRATOR))
    client.post(
        reverse("admin:staff_staff_add"),
        {
            "username": "wang.wei", "display_name": "王伟", "role": "relationship_manager", "team": team.pk,
            "language": "zh-hans", "password1": "plain-Sailing-4711", "password2": "plain-Sailing-4711",
            "usable_password": "true",
        },
    )  # fmt: skip
    opened = Staff.objects.get(username="wang.wei")
    assert (opened.role, opened.team, opened.check_password("plain-Sailing-4711")) == (
        Role.RELATIONSHIP_MANAGER, team, True,
    )  # fmt: skip


def test_nobody_is_made_superuser_and_nobody_is_deleted_here(client):
    somebody = staff_of(Role.ANALYST)
    client.force_login(staff_of(Role.ADMINISTRATOR))
    page = client.get(reverse("admin:staff_staff_change", args=[somebody.pk]))
    assert page.status_code == 200
    assert b"is_superuser" not in page.content
    assert (
        client.post(reverse("admin:staff_staff_delete", args=[somebody.pk]), {"post": "yes"}).status_code
        == 403
    )
    assert Staff.objects.filter(pk=somebody.pk).exists()


def test_roles_are_the_only_rights():
    assert not admin.site.is_registered(Group)
