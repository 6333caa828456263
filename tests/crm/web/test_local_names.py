"""Reference data with an English name: everybody reads it in their language, wherever it is shown."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.utils import translation

from crm.imports.loading.load import import_file
from crm.insights.kpis.compute import compute
from crm.runtime import calendar
from crm.runtime.models import CalendarDay
from crm.staff.models import AccountChange, Role, Team
from members.lifecycle.models import Policy
from members.portfolio.models import Category, Product, SavingPlan, Transaction
from members.profiles.models import Channel, Event, Member, Touch
from tests.crm.cast import NOW, browser_of, member, staff_of
from tests.crm.insights.people import at, channel, person, spend

DAY = timedelta(days=1)


@pytest.fixture
def anna(world) -> Member:
    """A member who came by a channel, bought a product by a plan and looked at its page."""
    Policy.objects.get_or_create(version=1, defaults={"effective_from": NOW - timedelta(days=4000)})
    search = Channel.objects.create(code="search", name="搜索投放", name_en="Search ads")
    Channel.objects.create(code="plain", name="自然流量")
    bonds = Category.objects.create(code="bond", name="债券基金", name_en="Bond funds")
    product = Product.objects.create(
        code="P1", name="云杉纯债", name_en="Spruce Bond", category=bonds, risk="R2", regime="FS"
    )
    row = member("Anna", number="M-1")
    Member.objects.filter(pk=row.pk).update(channel=search)
    Transaction.objects.create(
        member=row, id="t1", at=NOW - DAY, kind="buy", amount=Decimal(100), product=product
    )
    SavingPlan.objects.create(
        member=row, id="s1", amount=Decimal(10), every="month", started_on=date(2026, 3, 1), product=product
    )
    Touch.objects.create(id="c1", at=NOW - 2 * DAY, channel=search, visitor_id="v", member=row)
    Event.objects.create(
        member=row, id="e1", at=NOW - DAY, name="page_view", properties={"path": "/products/P1"}
    )
    return row


NAMES = {"en": ("Search ads", "Spruce Bond", "Bond funds"), "zh-hans": ("搜索投放", "云杉纯债", "债券基金")}


@pytest.mark.parametrize(("language", "other"), [("en", "zh-hans"), ("zh-hans", "en")])
def test_products_categories_and_channels_stand_in_the_readers_language(anna, language, other):
    client = browser_of(staff_of(Role.OPERATIONS, language=language))
    channel_name, product, category = NAMES[language]
    shows = {
        "/members/?cols=channel": (channel_name,),
        f"/members/{anna.pk}/?tab=products": (product, category),
        f"/members/{anna.pk}/?tab=timeline": (product, channel_name),
        f"/members/{anna.pk}/?tab=person": (channel_name,),
    }
    for address, names in shows.items():
        page = client.get(address).content.decode()
        assert [name for name in names if name not in page] == [], address
        assert [name for name in NAMES[other] if name in page] == [], address


def test_filters_offer_names_by_language_though_they_are_cached(anna):
    for language in ("en", "zh-hans", "en"):
        page = browser_of(staff_of(Role.OPERATIONS, language=language)).get("/members/").content.decode()
        assert f'<option value="search">{NAMES[language][0]}</option>' in page
        assert '<option value="plain">自然流量</option>' in page  # which has no English name


@pytest.mark.parametrize("language", NAMES)
def test_exports_name_channels_as_their_reader_does(anna, language):
    client = browser_of(staff_of(Role.OPERATIONS, language=language))
    answer = client.post("/members/export/?cols=channel", {"purpose": "salon"})
    lines = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert lines[1][-1] == NAMES[language][0]


def test_key_figures_by_channel_name_it_by_language(world):
    cache.clear()
    search = channel("search")
    Channel.objects.filter(pk=search.pk).update(name="搜索投放", name_en="Search ads")
    spend(search, date(2026, 3, 2), "90")
    person(registered=at(3, 2), channel=search)
    compute(last_day=date(2026, 3, 15), now=NOW)
    for language, names in NAMES.items():
        client = browser_of(staff_of(Role.ANALYST, language=language))
        assert names[0] in client.get("/kpis/cost_per_registration/").content.decode()


def test_teams_are_named_in_both_languages_and_each_change_is_recorded(world):
    admin = browser_of(staff_of(Role.ADMINISTRATOR))
    form = {"name": "上海一部", "name_en": "Shanghai Team 1", "reason": "opens in March"}
    page = admin.post("/teams/", form, follow=True).content.decode()
    assert "<h1>Shanghai Team 1</h1>" in page
    team = Team.objects.get()
    lead = staff_of(Role.TEAM_LEAD, team, "zh-hans")
    assert "上海一部" in browser_of(lead).get("/account/").content.decode()
    assert "上海一部" in browser_of(lead).get("/staff/").content.decode()
    admin.post(f"/teams/{team.pk}/", form | {"name_en": "Shanghai One"})
    assert list(AccountChange.objects.filter(kind="renamed").values_list("before", "after")) == [
        ("Shanghai Team 1", "Shanghai One")
    ]
    team.refresh_from_db()
    assert (team.name, team.name_en) == ("上海一部", "Shanghai One")
    again = admin.post(f"/teams/{team.pk}/", form | {"name_en": "Shanghai One"})
    assert again.status_code == 422
    admin.post(f"/teams/{team.pk}/", form | {"name_en": ""})
    assert "<h1>上海一部</h1>" in admin.get(f"/teams/{team.pk}/").content.decode()


def test_files_bring_english_names_and_those_without_leave_them(world, tmp_path):
    path = tmp_path / "products.csv"

    def take(text: str, blanks: str = "") -> Product:
        path.write_text(text, encoding="utf-8")
        assert import_file("products", path, now=NOW, decided={"blanks": blanks}).rejected == 0
        return Product.objects.get()

    head = "product_id,name,category,risk"
    assert take(f"{head},name_en\nP1,云杉纯债,bond,R2,Spruce Bond\n").name_en == "Spruce Bond"
    assert take(f"{head}\nP1,云杉纯债A,bond,R2\n").name_en == "Spruce Bond"
    assert take(f"{head},name_en\nP1,云杉纯债A,bond,R2,\n").name_en == "Spruce Bond"
    assert take(f"{head},name_en\nP1,云杉纯债A,bond,R2,\n", blanks="clear").name_en == ""
    path.write_text("channel,name,name_en\nsearch,搜索投放,Search ads\n", encoding="utf-8")
    import_file("channels", path, now=NOW)
    assert str(Channel.objects.get()) == "Search ads"
    with translation.override("zh-hans"):
        assert str(Channel.objects.get()) == "搜索投放"


def test_holidays_have_both_names(world):
    calendar.fill(2024)
    day = CalendarDay.objects.get(day=date(2024, 2, 12))
    assert (day.name, day.name_en, str(day)) == ("春节", "Spring Festival", "2024-02-12 Spring Festival")


def test_the_administration_edits_english_names(world):
    admin = browser_of(staff_of(Role.ADMINISTRATOR))
    admin.post("/admin/portfolio/category/add/", {"code": "cash", "name": "现金管理", "name_en": "Cash"})
    assert Category.objects.get().name_en == "Cash"
    assert "Cash" in admin.get("/admin/portfolio/category/?q=Cash").content.decode()
