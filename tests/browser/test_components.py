"""Components as a person meets them: keys, palette, dialog, undo, panel beside a list, the way back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from crm.staff.models import Role, Staff
from tests.crm.cast import browser_of, member, staff_of
from tests.harness.chrome import settled

pytestmark = pytest.mark.browser
CURRENT = """() => [...document.querySelectorAll("[data-rows] > tr:not(.more-row)")]
  .findIndex((row) => row.matches("[aria-current]") || row.querySelector("[aria-current]"))"""


@pytest.fixture
def reader(world) -> Staff:
    return staff_of(Role.RELATIONSHIP_MANAGER, language="en")


@pytest.fixture
def looking(reader, browsing, live_server) -> Callable:
    """A context manager: the page of components, signed in without the detour over the form."""
    session = browser_of(reader).cookies[settings.SESSION_COOKIE_NAME]

    @contextmanager
    def opened(**options) -> Iterator[tuple[Page, list[str]]]:
        with browsing(**options) as (page, complaints):
            cookie = {"name": session.key, "value": session.value, "url": live_server.url}
            page.context.add_cookies([cookie])
            page.goto("/gallery/")
            yield page, complaints

    return opened


def asks(page: Page, text: str) -> None:
    """Types, and has the answer to all of it: Enter before that leads to the page of hits."""
    with page.expect_response(lambda answer: parse_qs(answer.request.post_data or "").get("q") == [text]):
        page.keyboard.type(text, delay=20)
    settled(page)


def test_the_palette_finds_members_pages_and_actions_by_keys_alone(reader, looking):
    row = member("王小明", manager=reader)
    with looking() as (page, complaints):
        page.keyboard.press("Control+k")
        ask = page.get_by_role("combobox", name="Page, member or action")
        expect(ask).to_be_focused()
        asks(page, "小明")
        hit = page.get_by_role("option", name="王小明")
        expect(hit).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/members/{row.id}/")
        page.go_back()  # one step: the dialog left no entry of its own
        page.wait_for_url("**/gallery/")
        expect(page.get_by_role("heading", name="Component gallery")).to_be_visible()
        page.keyboard.press("Control+k")
        expect(ask).to_be_focused()
        asks(page, "dark")
        expect(page.locator("#palette-hits").get_by_role("option")).to_have_count(1)
        page.keyboard.press("Enter")
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        assert page.url.endswith("/gallery/")
        assert complaints == []


def test_keys_walk_rows_open_the_panel_and_tell_themselves(looking):
    with looking() as (page, complaints):
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("p")
        expect(page.locator("#peek h2")).to_have_text("何雨桐")
        page.keyboard.press("k")
        expect(page.locator("#peek h2")).to_have_text("陈立群")
        expect(page.locator("[data-rows] [aria-current]")).to_have_count(1)
        page.keyboard.press("Escape")
        expect(page.locator("#peek")).to_be_hidden()
        page.keyboard.press("?")
        keys = page.get_by_role("dialog", name="Keyboard shortcuts")
        expect(keys.get_by_text("Next row, previous row")).to_be_visible()
        expect(keys.get_by_text("Open dialog")).to_be_visible()
        page.keyboard.press("j")  # keys of the page rest while a dialog is open
        expect(page.locator("[data-rows] tr").first).to_have_attribute("aria-current", "true")
        page.keyboard.press("Escape")
        expect(keys).to_be_hidden()
        page.keyboard.press("/")
        page.keyboard.type("gm?j")
        assert page.get_by_label("Search members").first.input_value() == "gm?j"
        page.get_by_role("link", name="Why this stage").focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        expect(page.locator("#gallery-tabs [aria-current]")).to_have_text("Assets")
        expect(page.locator("#gallery-tabs [aria-current]")).to_be_focused()
        assert page.url.endswith("/gallery/?tab=assets")
        assert complaints == []


def test_a_dialog_shuts_by_the_back_button_and_by_success_and_its_notice_can_be_undone(looking):
    with looking() as (page, complaints):
        opener = page.get_by_role("link", name="Open dialog")
        dialog = page.get_by_role("dialog", name="Save view")
        opener.click()
        expect(dialog).to_be_visible()
        page.go_back()
        expect(dialog).to_be_hidden()
        expect(opener).to_be_focused()
        assert page.url.endswith("/gallery/")
        page.keyboard.press("n")
        dialog.get_by_label("Name").fill("Large")
        dialog.get_by_label("Days").fill("30")
        dialog.get_by_role("button", name="Save").click()
        expect(dialog).to_be_hidden()
        notices = page.locator(".toasts")
        notices.get_by_role("button", name="Undo").click()
        expect(notices.get_by_text("Undone.")).to_be_visible()
        expect(notices.get_by_role("button", name="Undo")).to_have_count(0)
        assert page.url.endswith("/gallery/")
        assert complaints == []


def test_a_refusal_leaves_the_dialog_open_with_the_reason_in_it(looking):
    with looking() as (page, _):
        page.keyboard.press("n")
        dialog = page.get_by_role("dialog", name="Save view")
        dialog.get_by_label("Name").fill("Large")
        dialog.get_by_role("button", name="Duplicate name").click()
        expect(dialog.get_by_role("alert")).to_contain_text("You already have a view named “My members”.")
        expect(dialog.get_by_label("Name")).to_have_value("Large")
        dialog.get_by_label("Days").fill("30")
        dialog.get_by_role("button", name="Save", exact=True).click()
        expect(dialog).to_be_hidden()
        expect(page.locator(".toasts .success")).to_contain_text("Snoozed until tomorrow.")


def test_an_undo_that_did_not_come_through_can_be_tried_again(looking):
    with looking() as (page, _):
        notices = page.locator(".toasts")
        page.get_by_role("button", name="Notice with undo").click()
        expect(notices.get_by_role("button", name="Undo")).to_be_visible()
        page.context.set_offline(True)
        notices.get_by_role("button", name="Undo").click()
        expect(notices.get_by_text("Cannot reach the server.")).to_be_visible()
        expect(notices.get_by_role("button", name="Undo")).to_be_visible()
        page.context.set_offline(False)
        notices.get_by_role("button", name="Undo").click()
        expect(notices.get_by_text("Undone.")).to_be_visible()
        expect(notices.get_by_role("button", name="Undo")).to_have_count(0)


def test_the_way_back_finds_the_list_as_it_was_left(looking):
    with looking() as (page, complaints):
        rows = page.locator("[data-rows] > tr:not(.more-row)")
        while page.evaluate(CURRENT) < 17:  # further rows come as the end is reached
            page.keyboard.press("j")
            page.wait_for_timeout(60)
        expect(rows.nth(23)).to_be_attached()
        chosen = page.locator("[data-rows] [aria-current] small").inner_text()
        page.keyboard.press("Enter")
        page.wait_for_url("**/gallery/peek/*/")
        page.go_back()
        page.wait_for_url("**/gallery/")
        expect(page.locator("[data-rows] [aria-current] small")).to_have_text(chosen)
        expect(page.locator("[data-rows] [aria-current]")).to_be_in_viewport()
        assert complaints == []


def test_without_script_dialog_panel_notice_and_palette_are_pages(looking):
    with looking(java_script_enabled=False) as (page, _):
        page.get_by_role("link", name="Open dialog").click()
        page.get_by_label("Name").fill("Large")
        page.get_by_label("Days").fill("30")
        page.get_by_role("button", name="Save").click()
        page.get_by_text("Snoozed until tomorrow.").first.wait_for()
        page.locator(".toasts").get_by_role("button", name="Undo").click()
        expect(page.locator(".toasts").get_by_text("Undone.")).to_be_visible()
        page.get_by_role("link", name="何雨桐").first.click()
        expect(page.get_by_role("heading", name="何雨桐")).to_be_visible()
        page.get_by_role("link", name="Search pages, members and actions").first.click()
        page.get_by_label("Page, member or action").fill("life")
        page.get_by_role("button", name="Search", exact=True).click()
        page.get_by_role("option", name="Lifecycle").click()
        page.wait_for_url("**/lifecycle/")


def test_a_value_is_revealed_copied_by_key_and_masked_again_in_time(reader, looking):
    row = member("王小明", manager=reader, mobile="13800001234")
    with looking() as (page, complaints):
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.clock.install()
        page.goto(f"/members/{row.id}/?tab=person")
        page.locator("dd", has_text="138****1234").get_by_text("Reveal…").click()
        page.get_by_role("button", name="Call back").first.click()
        expect(page.locator("[data-revealed]")).to_be_focused()  # once the swap has settled
        page.get_by_role("button", name="Copy Mobile").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("Copied", exact=True)).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == "13800001234"
        page.clock.fast_forward("06:00")
        expect(page.get_by_role("link", name="13800001234")).to_have_count(0)
        assert "13800001234" not in page.content()
        page.locator("dd", has_text="138****1234").get_by_text("Reveal…").click()
        page.get_by_role("button", name="Verify identity").first.click()  # what was put back works
        expect(page.get_by_role("link", name="13800001234")).to_be_visible()
        page.get_by_role("button", name="Hide").click()
        expect(page.get_by_role("link", name="13800001234")).to_have_count(0)
        assert "13800001234" not in page.content()
        assert complaints == []
