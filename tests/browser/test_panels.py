"""What goes wrong around htmx: going back, clicking twice, a session that ended, no network, slow answers."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, Route, expect

from crm.demo.staff import PASSWORD
from crm.directory.models import SavedView
from crm.staff.models import Request, Reveal, Session
from tests.browser.town import WHO
from tests.harness.chrome import until

pytestmark = pytest.mark.browser
ADMIN, MANAGER = WHO["administrator"], WHO["relationship_manager"]
ROWS = "[data-rows] > tr:not(.more-row)"
OFFLINE = "Cannot reach the server."
SECOND = 400  # milliseconds in which a second request would have come
OF_HTMX = ("ERR_INTERNET_DISCONNECTED", "htmx:afterRequest", "htmx:sendError", "htmx:sendAbort")


@contextmanager
def swapped(page: Page, words: str = "/members/"):
    """What is done inside brings an answer of the server to htmx."""
    with page.expect_response(lambda answer: words in answer.url and "hx-request" in answer.request.headers):
        yield


def unexpected(complaints: list[str]) -> list[str]:
    """Without what htmx itself writes on the console when a request is lost, or given up for a newer one."""
    return [one for one in complaints if not any(mark in one for mark in OF_HTMX)]


def filtered(page: Page) -> None:
    page.goto("/members/")
    with swapped(page):
        page.get_by_label("Sort by").select_option("aum")
    expect(page.locator("[aria-sort]")).to_have_count(1)
    page.wait_for_url("**sort=aum**")


def test_back_from_a_member_finds_filter_rows_and_place(visiting):
    with visiting(ADMIN) as (page, complaints):
        filtered(page)
        with swapped(page, "after="):
            page.mouse.move(700, 500)
            page.mouse.wheel(0, 9000)
        expect(page.locator(ROWS)).not_to_have_count(50)
        row = page.locator(ROWS).nth(70)
        name = row.locator("a.name")
        href = name.get_attribute("href")
        name.scroll_into_view_if_needed()
        top = page.evaluate("scrollY")
        name.focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{href}")
        page.go_back()
        page.wait_for_url("**sort=aum**")
        expect(page.get_by_label("Sort by")).to_have_value("aum")
        expect(page.locator(ROWS).nth(70).locator("a.name")).to_have_attribute("href", href)
        until(page, f"Math.abs(scrollY - {top}) < 300")
        expect(page.locator(ROWS).nth(70)).to_be_in_viewport()
        assert complaints == []


def test_back_and_forward_through_filters_show_whole_pages(visiting):
    with visiting(ADMIN) as (page, complaints):
        filtered(page)
        with swapped(page):
            page.get_by_label("Warning").select_option("any")
        page.locator("a[data-adds][href*='warning=any']").first.wait_for(state="attached")
        page.go_back()
        page.wait_for_url(lambda url: "warning" not in url)
        expect(page.get_by_label("Sort by")).to_have_value("aum")
        expect(page.locator("nav.rail")).to_have_count(1)
        page.go_forward()
        expect(page.get_by_label("Warning")).to_have_value("any")
        expect(page.locator("nav.rail")).to_have_count(1)
        assert complaints == []


def test_a_second_click_has_no_second_effect(town, visiting):
    before = Reveal.objects.count()
    with visiting(MANAGER) as (page, complaints):
        page.goto(f"/members/{town.moved.id}/?tab=person")
        row = page.locator(".identity dd", has_text="Reveal…").first
        row.get_by_text("Reveal…").click()
        row.get_by_label("Reason").fill("asked to be called")
        row.get_by_role("button", name="Reveal").dblclick()
        page.locator(".identity .revealed").wait_for()
        page.wait_for_timeout(SECOND)
        assert Reveal.objects.count() == before + 1
        page.goto("/members/views/save/?stage=decline")
        page.get_by_label("View name").fill("Once")
        page.get_by_role("button", name="Save").dblclick()
        page.get_by_text("Once").first.wait_for()
        page.wait_for_timeout(SECOND)
        assert SavedView.objects.filter(name="Once").count() == 1
        assert complaints == []


def test_a_proposal_clicked_twice_is_made_once(visiting):
    before = Request.objects.count()
    with visiting(WHO["operations"]) as (page, complaints):
        page.goto("/policy/")
        page.get_by_text("Propose changes").click()
        page.locator("#change input[type=number], #change input[inputmode]").first.fill("9")
        page.locator("#change [name=reason]").fill("a double click")
        page.get_by_role("button", name="Preview impact").click()
        page.get_by_role("button", name="Submit for approval", exact=True).dblclick()
        page.wait_for_timeout(SECOND)
        expect(page.locator("#requests")).to_contain_text("a double click")
        assert Request.objects.count() == before + 1
        assert complaints == []


def signs_in_again(page: Page, username: str) -> None:
    page.wait_for_url("**/sign-in/**")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_an_ended_session_leads_from_a_panel_to_the_door_and_back(visiting):
    with visiting(ADMIN) as (page, complaints):
        filtered(page)
        Session.objects.all().delete()
        page.get_by_label("Warning").select_option("any")
        signs_in_again(page, ADMIN)
        page.wait_for_url("**/members/**sort=aum**")
        expect(page.get_by_label("Sort by")).to_have_value("aum")
        Session.objects.all().delete()
        page.keyboard.press("Control+k")
        signs_in_again(page, ADMIN)
        page.wait_for_url("**/members/**sort=aum**")
        assert complaints == []


def test_without_network_a_notice_tells_nothing_is_lost_and_a_second_try_works(town, visiting):
    with visiting(MANAGER) as (page, complaints):
        page.goto("/members/")
        rows = page.locator(ROWS).count()
        assert rows > 1
        page.context.set_offline(True)
        page.get_by_label("Sort by").select_option("aum")
        expect(page.locator(".toasts").get_by_text(OFFLINE)).to_be_visible()
        expect(page.locator(ROWS)).to_have_count(rows)
        page.context.set_offline(False)
        with swapped(page):
            page.get_by_label("Warning").select_option("any")
        page.wait_for_url("**sort=aum**")
        page.goto(f"/members/{town.moved.id}/?tab=person")
        row = page.locator(".identity dd", has_text="Reveal…").first
        row.get_by_text("Reveal…").click()
        row.get_by_label("Reason").fill("asked to be called")
        page.context.set_offline(True)
        row.get_by_role("button", name="Reveal").click()
        expect(page.locator(".toasts").get_by_text(OFFLINE)).to_be_visible()
        expect(row.get_by_label("Reason")).to_have_value("asked to be called")
        page.context.set_offline(False)
        row.get_by_role("button", name="Reveal").click()
        expect(page.locator(".identity .revealed")).to_be_visible()
        assert unexpected(complaints) == []


def test_what_could_not_be_fetched_is_offered_again_and_what_stands_there_is_marked_as_old(visiting):
    with visiting(MANAGER) as (page, complaints):
        page.goto("/members/")
        notices = page.locator(".toasts .toast")
        page.context.set_offline(True)
        page.keyboard.press("j")
        page.keyboard.press("p")
        expect(notices).to_have_count(1)
        expect(page.locator("#peek")).to_be_hidden()
        expect(page.locator(".split")).to_have_count(0)
        page.keyboard.press("p")
        expect(notices).to_have_count(1)
        page.context.set_offline(False)
        notices.get_by_role("button", name="Try again").click()
        expect(page.locator("#peek h2")).to_be_visible()
        expect(notices).to_have_count(0)
        page.context.set_offline(True)
        page.get_by_label("Search members").fill("#0")
        expect(page.locator("#members[data-stale]")).to_be_visible()
        page.context.set_offline(False)
        notices.get_by_role("button", name="Try again").click()
        expect(page.get_by_text("No members found")).to_be_visible()
        expect(page.locator("[data-stale]")).to_have_count(0)
        page.wait_for_url("**find=**")
        assert unexpected(complaints) == []


def test_a_failing_server_is_told_and_the_list_stays(visiting):
    with visiting(MANAGER) as (page, _):
        page.goto("/members/")
        rows = page.locator(ROWS).count()
        page.route(
            "**/members/search/", lambda route: route.fulfill(status=500, body="<h1>gone</h1>"), times=1
        )
        page.get_by_label("Sort by").select_option("aum")
        expect(page.locator(".toasts").get_by_text("Something went wrong.")).to_be_visible()
        expect(page.locator(ROWS)).to_have_count(rows)


@contextmanager
def held_back(page: Page, mark: str):
    """Requests with `mark` in their address wait until the block's function is called."""
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        if mark in route.request.url and not waiting:
            waiting.append(route)
        else:
            route.continue_()

    def let_go() -> None:
        for route in waiting:
            route.continue_()

    page.route("**/*", hold)
    yield waiting, let_go
    page.unroute("**/*", hold)


def await_request(page: Page, *held: list[Route]) -> None:
    """Until one of the lists holds a request; the page's own clock runs meanwhile."""
    for _ in range(1_000):
        if any(held):
            return
        page.wait_for_timeout(20)
    raise AssertionError("nothing was asked")


def test_the_newer_of_two_answers_wins(town, visiting):
    first, second = town.book[0], town.book[1]
    with visiting(MANAGER) as (page, complaints):
        page.goto("/members/")
        box = page.get_by_label("Search members")
        with held_back(page, "/members/search/") as (waiting, let_go):
            box.fill(first.name)
            await_request(page, waiting)
            box.fill(second.name)
            expect(page.locator(ROWS)).to_have_count(1)
            expect(page.locator(f"{ROWS} a.name")).to_have_text(second.name)
            let_go()
            page.wait_for_timeout(300)
            expect(page.locator(f"{ROWS} a.name")).to_have_text(second.name)
            expect(box).to_have_value(second.name)
        page.keyboard.press("Control+k")
        ask = page.get_by_role("combobox", name="Page, member or action")
        with held_back(page, "/palette/") as (waiting, let_go):
            ask.fill(first.name)
            await_request(page, waiting)
            ask.fill(second.name)
            expect(page.get_by_role("option", name=second.name)).to_be_visible()
            let_go()
            page.wait_for_timeout(300)
            expect(page.get_by_role("option", name=second.name)).to_be_visible()
            expect(page.get_by_role("option", name=first.name)).to_have_count(0)
        assert unexpected(complaints) == []


TYPE_AS_IT_APPEARS = """text => new MutationObserver((_, observer) => {
  const input = document.querySelector("[data-palette] input[type=search]");
  if (!input) return;
  observer.disconnect(); input.value = text;
  input.dispatchEvent(new Event("input", {bubbles: true}));
}).observe(document.body, {childList: true, subtree: true})"""


def test_what_is_typed_as_the_palette_appears_is_asked(town, visiting):
    with visiting(MANAGER) as (page, complaints):
        page.goto("/members/")
        page.evaluate(TYPE_AS_IT_APPEARS, town.book[0].name)
        page.keyboard.press("Control+k")
        found = page.get_by_role("option", name=town.book[0].name)
        expect(found).to_be_visible()
        field = page.get_by_role("combobox", name="Page, member or action")
        expect(field).to_have_attribute("aria-activedescendant", found.get_attribute("id"))
        assert unexpected(complaints) == []
