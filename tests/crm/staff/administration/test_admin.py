"""The administration: reference data to keep, people to look up, in our colours, behind our own door."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import reverse
from django_celery_beat.models import CrontabSchedule, PeriodicTask

from crm.runtime.models import CalendarDay
from crm.staff.administration.theme import EVERGREEN, PAPER_TO_INK
from crm.staff.models import Role, Staff, Team
from crm.web.gallery.colours import SHAPE, TEXT, contrast, mixed, oklch
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


def _timetable():
    day = ("*", "*", "*")
    for name, minute, hour, days in (
        ("restage members", "*", "*", day),
        ("sweep lost runs", "*/5", "*", day),
        ("forget sessions", "5", "4", day),
        ("somebody's own", "0", "9", ("*", "*", "1")),
    ):
        of_month, month, of_week = days
        times = CrontabSchedule.objects.create(
            minute=minute, hour=hour, day_of_month=of_month, month_of_year=month, day_of_week=of_week
        )
        PeriodicTask.objects.create(name=name, task="x", crontab=times)


def test_the_timetable_says_what_runs_and_when_in_the_readers_words(client, boss):
    _timetable()
    page = client.get(reverse("admin:django_celery_beat_periodictask_changelist")).content.decode()
    for words in ("Update stages", "Every minute", "Every 5 minutes", "Daily at 04:05"):
        assert words in page
    assert "somebody&#x27;s own" in page and "0 9 * * 1" in page
    assert page.count('aria-label="Update stages"') == 1  # its switch, which has no label
    Staff.objects.update(language="zh-hans")
    page = client.get(reverse("admin:django_celery_beat_periodictask_changelist")).content.decode()
    for words in ("更新阶段", "每分钟", "每 5 分钟", "每天 04:05", "定时计划"):
        assert words in page
    for left in ("restage members", "m/h/dM/MY/d", "姓名", "周期"):
        assert left not in page


def test_an_entry_is_switched_off_in_the_list(client, boss):
    _timetable()
    rows = list(PeriodicTask.objects.order_by("name"))
    form = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": len(rows), "_save": "x"}
    for place, row in enumerate(rows):
        form[f"form-{place}-id"] = row.pk
        if row.name != "restage members":
            form[f"form-{place}-enabled"] = "on"
    client.post(reverse("admin:django_celery_beat_periodictask_changelist"), form)
    off = PeriodicTask.objects.get(enabled=False)
    assert off.name == "restage members"
    page = client.get(reverse("admin:django_celery_beat_periodictask_change", args=[off.pk]))
    assert "Update stages" in page.content.decode()


def test_words_on_dark_ground_and_switches_that_are_on_can_be_read():
    """What admin.css puts in place of the package's colours: AA for words, 3 to 1 for shapes."""

    def shade(raw):
        return oklch(*map(float, re.fullmatch(r"oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)", raw).groups()))

    sheet = " ".join(Path("static/css/admin.css").read_text().split())
    words = re.search(r"\.dark \.dark\\:text-primary-500[^{]*\{ color: (oklch\([^)]*\))", sheet)
    dark, light, white = shade(PAPER_TO_INK["950"]), shade(PAPER_TO_INK["50"]), (1.0, 1.0, 1.0)
    for ground in (shade(PAPER_TO_INK["900"]), mixed(white, dark, 0.06)):
        assert contrast(shade(words[1]), ground) >= TEXT
    assert contrast(shade(EVERGREEN["600"]), light) >= TEXT
    off = re.search(r"checked\\:bg-green-500 \{ background-color: (oklch\([^)]*\))", sheet)
    for ground in (light, dark):
        assert contrast(shade(off[1]), ground) >= SHAPE


def test_roles_are_the_only_rights_and_no_table_of_members_is_here():
    assert not admin.site.is_registered(Group)
    scoped = [
        model
        for model in apps.get_models()
        if any(field.name in ("member", "member_id") for field in model._meta.concrete_fields)
    ]
    assert scoped
    assert not any(admin.site.is_registered(model) for model in scoped)
