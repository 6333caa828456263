"""The administration: reference data to keep, people to look up, in our colours, behind our own door."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import reverse

from crm.runtime.models import CalendarDay
from crm.staff.models import Role, Staff, Team
from members.portfolio.models import Category, Product
from members.profiles.models import Channel
from tests.crm.staff.people import staff_of

pytestmark = pytest.mark.django_db
KEPT = ["profiles_channel", "portfolio_category", "portfolio_product", "runtime_calendarday"]
LOOKED_UP = ["staff_staff", "staff_team"]


@pytest.fixture
def boss(client):
    row = staff_of(Role.ADMINISTRATOR, language="en")
    client.force_login(row, backend="django.contrib.auth.backends.ModelBackend")
    return row


@pytest.mark.parametrize("name", KEPT)
def test_an_administrator_keeps_reference_data(client, boss, name):
    for page in ("changelist", "add"):
        assert client.get(reverse(f"admin:{name}_{page}")).status_code == 200


def test_what_is_entered_is_kept(client, boss):
    client.post(reverse("admin:profiles_channel_add"), {"code": "wechat", "name": "微信", "kind": "social"})
    client.post(reverse("admin:portfolio_category_add"), {"code": "cash", "name": "现金管理"})
    product = {
        "code": "P1",
        "name": "天天利",
        "category": Category.objects.get().pk,
        "risk": "R1",
        "regime": "FS",
    }
    client.post(reverse("admin:portfolio_product_add"), product)
    day = {"day": "2026-10-01", "name": "国庆节", "is_working": ""}
    client.post(reverse("admin:runtime_calendarday_add"), day)
    assert Channel.objects.get().name == "微信"
    assert Product.objects.get().category.code == "cash"
    assert not CalendarDay.objects.get().is_working


@pytest.mark.parametrize("name", LOOKED_UP)
def test_people_are_looked_up_here_and_changed_on_their_own_pages(client, boss, name):
    team = Team.objects.create(name="North")
    page = client.get(reverse(f"admin:{name}_changelist"))
    assert page.status_code == 200
    assert (f"/staff/{boss.pk}/" if name == "staff_staff" else f"/teams/{team.pk}/") in page.content.decode()
    key = boss.pk if name == "staff_staff" else team.pk
    assert client.get(reverse(f"admin:{name}_change", args=[key])).status_code == 200
    assert client.get(reverse(f"admin:{name}_add")).status_code == 403
    for page in ("change", "delete"):
        answer = client.post(reverse(f"admin:{name}_{page}", args=[key]), {"role": "analyst", "post": "yes"})
        assert answer.status_code == 403
    assert Staff.objects.get(pk=boss.pk).role == Role.ADMINISTRATOR


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_nobody_else_gets_in_superuser_or_not(client, role):
    row = staff_of(role, is_superuser=True)
    client.force_login(row, backend="django.contrib.auth.backends.ModelBackend")
    for name in KEPT + LOOKED_UP:
        assert client.get(reverse(f"admin:{name}_changelist")).status_code == 302
    assert client.get(reverse("admin:login")).status_code == 403


def test_strangers_sign_in_at_our_own_door(client):
    answer = client.get(reverse("admin:index"), follow=True)
    assert answer.redirect_chain[-1][0] == "/sign-in/?next=/admin/"


def test_the_own_password_is_changed_on_our_own_page(client, boss):
    assert client.get(reverse("admin:password_change"))["Location"] == reverse("password-change")


def test_scripts_may_evaluate_in_the_administration_only(client, boss):
    assert "'unsafe-eval'" in client.get(reverse("admin:index"))["Content-Security-Policy"]
    assert "unsafe" not in client.get(reverse("account"))["Content-Security-Policy"]


def test_it_wears_our_colours_and_leads_back(client, boss):
    page = client.get(reverse("admin:index")).content.decode()
    assert "oklch(.46 .085 160)" in page or "oklch(0.46 0.085 160)" in page
    assert "Back to Perennial" in page
    assert "css/admin.css" in page


def test_roles_are_the_only_rights_and_no_table_of_members_is_here():
    assert not admin.site.is_registered(Group)
    scoped = [
        model
        for model in apps.get_models()
        if any(field.name in ("member", "member_id") for field in model._meta.concrete_fields)
    ]
    assert scoped
    assert not any(admin.site.is_registered(model) for model in scoped)
