"""A relationship manager signs in and reads why a member is where they are."""

from datetime import timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from crm.staff.models import Reveal, Role, Staff
from members.portfolio.models import Valuation
from members.profiles.models import Event
from tests.browser.town import WHO
from tests.crm.cast import NOW, member, move

pytestmark = pytest.mark.browser
PASSWORD = "a long one of 4 words"
LOGINS = 60  # one a day
NAMES = "[data-rows] > tr:not(.more-row) a.name"


@pytest.fixture
def manager(world) -> Staff:
    return Staff.objects.create_user(
        "rm", PASSWORD, display_name="沈佳怡", role=Role.RELATIONSHIP_MANAGER, language="en"
    )


@pytest.fixture
def fading(manager):
    row = member(
        "王小明", manager=manager, mobile="13800001234", stage="decline", sub_state="at_risk", warnings=1
    )
    move(row, "growth", "decline", to_sub_state="at_risk", inputs={"rules": 1, "active_on": "2026-01-10"})
    for days in range(LOGINS):
        Valuation.objects.create(
            member=row, date=(NOW - timedelta(days=days)).date(), aum=Decimal(1000 + days)
        )
        Event.objects.create(member=row, id=str(days), at=NOW - timedelta(days=days, hours=1), name="login")
    return row


def sign_in(page) -> None:
    page.goto("/")
    page.get_by_label("Username").fill("rm")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Today", exact=True).wait_for()


def test_from_sign_in_to_the_answer(fading, browsing):
    with browsing() as (page, complaints):
        sign_in(page)
        page.wait_for_load_state()
        page.keyboard.press("/")
        expect(page.get_by_label("Search members")).to_be_focused()
        page.keyboard.type("小明")
        page.keyboard.press("Enter")
        page.get_by_text("No login or trade since 10 Jan 2026").wait_for()
        expect(page.locator(".who .stage")).to_have_text("Decline · At risk")
        expect(page.locator("svg.chart path.line").first).to_be_visible()
        page.locator(".tabs").get_by_role("link", name="Timeline").click()
        entries = page.locator(".timeline > li:not(.more-row)")
        entries.first.wait_for()
        begun = entries.count()
        assert page.url.endswith("/?tab=timeline")
        page.mouse.move(600, 600)
        page.mouse.wheel(0, 9000)
        expect(entries).not_to_have_count(begun)
        expect(page.locator(".timeline").get_by_text("Login", exact=True)).to_have_count(LOGINS)
        page.go_back()
        page.get_by_role("heading", name="What happens next").wait_for()
        assert complaints == []


def test_a_mobile_is_revealed_in_its_place_and_only_for_a_reason(fading, browsing):
    with browsing() as (page, complaints):
        sign_in(page)
        page.goto(f"/members/{fading.id}/?tab=person")
        row = page.locator(".identity dd", has_text="138****1234")
        row.get_by_text("Reveal…").click()
        row.get_by_label("Reason").fill("call back")
        row.get_by_role("button", name="Reveal").click()
        page.get_by_text("13800001234").wait_for()
        assert page.url.endswith(f"/members/{fading.id}/?tab=person")
        assert complaints == []
    assert Reveal.objects.get().reason == "call back"


def test_filtering_changes_the_list_in_place_and_back_restores_the_page(fading, browsing):
    with browsing() as (page, complaints):
        sign_in(page)
        page.goto("/members/")
        page.get_by_label("Search members").fill("nobody")
        page.get_by_text("No members found").wait_for()
        page.wait_for_url("**find=**")
        assert "nobody" not in page.url
        page.go_back()
        page.get_by_role("link", name="王小明", exact=True).wait_for()
        expect(page.locator("nav.rail")).to_have_count(1)
        assert complaints == []


def test_letters_lead_to_places(fading, browsing):
    with browsing() as (page, complaints):
        sign_in(page)
        page.locator("html.js").wait_for()
        page.keyboard.press("g")
        page.keyboard.press("l")
        page.get_by_role("heading", name="Lifecycle").wait_for()
        assert complaints == []


def test_the_menu_of_a_phone_leads_to_places(fading, browsing):
    with browsing(viewport={"width": 360, "height": 780}) as (page, complaints):
        sign_in(page)
        page.goto(f"/members/{fading.id}/")
        page.get_by_role("link", name="Menu").click()
        page.get_by_role("link", name="Home").click()
        page.get_by_role("heading", name="Today", exact=True).wait_for()
        assert complaints == []


def test_everything_is_read_without_script(fading, browsing):
    with browsing(java_script_enabled=False) as (page, _):
        sign_in(page)
        page.goto("/members/?stage=decline")
        page.get_by_role("link", name="王小明", exact=True).click()
        page.locator(".tabs").get_by_role("link", name="Timeline").click()
        page.locator(".timeline").get_by_role("link", name="Show more").click()
        page.wait_for_url("**after=**")
        page.locator(".timeline > li:not(.more-row)").first.wait_for()
        page.locator(".tabs").get_by_role("link", name="Profile and household").click()
        row = page.locator(".identity dd", has_text="138****1234")
        row.get_by_text("Reveal…").click()
        row.get_by_label("Reason").fill("call back")
        row.get_by_role("button", name="Reveal").click()
        expect(page.get_by_text("13800001234")).to_be_visible()


def test_lists_filter_page_and_propose_without_script(visiting):
    with visiting(WHO["administrator"], java_script_enabled=False) as (page, _):
        page.goto("/members/")
        page.get_by_label("Sort by").select_option("aum")
        page.get_by_role("button", name="Apply", exact=True).click()
        page.wait_for_url("**sort=aum**")
        first = page.locator(NAMES).first.inner_text()
        page.get_by_role("link", name="Show more").click()
        page.wait_for_url(lambda url: "after=" in url and "sort=aum" in url)
        expect(page.locator(NAMES).first).not_to_have_text(first)
        page.get_by_role("link", name="Back to first page").click()
        expect(page.locator(NAMES).first).to_have_text(first)
        page.goto("/policy/")
        page.get_by_text("Propose changes").click()
        page.locator("#change input[type=number], #change input[inputmode]").first.fill("9")
        page.get_by_role("button", name="Preview impact").click()
        expect(page.locator("#preview")).to_be_visible()
