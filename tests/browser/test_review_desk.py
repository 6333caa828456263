"""An officer's ten minutes at the review desk, by keys: open, read, accept, except, return, approve."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from campaigns.review.copy import exceptions
from campaigns.review.models import CopyVersion
from crm.staff.models import Staff
from tests.browser.sound.axe import findings
from tests.browser.sound.phone import unusable
from tests.browser.town import WHO
from tests.campaigns.review.copy.town import CLEAN, SMS, WARNED, copy_of
from tests.campaigns.review.desk.town import BODY, in_review
from tests.crm.cast import NOW
from tests.harness.chrome import settled

pytestmark = pytest.mark.browser
TOO_WIDE = "document.documentElement.scrollWidth > innerWidth"


def sound(page: Page) -> list[str]:
    """What is wrong with the page shown, wide and on a phone, light and dark."""
    wrong = [f"light: {one}" for one in findings(page, set())]
    page.emulate_media(color_scheme="dark")
    page.reload()
    settled(page)
    wrong += [f"dark: {one}" for one in findings(page, set(), colours_only=True)]
    page.set_viewport_size({"width": 360, "height": 780})
    wrong += ["scrolls sideways"] if page.evaluate(TOO_WIDE) else []
    wrong += [f"on a phone: {one}" for one in unusable(page)]
    page.set_viewport_size({"width": 1440, "height": 900})
    page.emulate_media(color_scheme="light")
    return wrong


def opened(page: Page, version: CopyVersion) -> None:
    page.wait_for_url(f"**/admin/review/{version.pk}/")
    expect(page.locator("#claim")).to_contain_text("You are reviewing this")
    settled(page)


def ask_for_an_exception(page: Page, version: CopyVersion) -> None:
    """The mark of what blocks leads to its finding; an exception is asked for that span."""
    block = version.findings.get(severity="block")
    page.locator("a.mark", has_text=block.text).click()
    finding = page.locator(".finding:target")
    expect(finding).to_contain_text(f"“{block.text}”")
    expect(page.get_by_role("button", name="Approve")).to_be_disabled()
    finding.focus()
    page.keyboard.press("e")
    page.keyboard.type("Quoted from a fraud warning")
    finding.get_by_role("button", name="Request exception").click()
    expect(page.get_by_role("status")).to_contain_text("Exception requested")
    assert set(exceptions.pending(version)) == {block.pk}


def return_with_a_reason(page: Page, version: CopyVersion) -> None:
    """Without a reason nothing is returned: it is asked for."""
    opened(page, version)
    page.keyboard.press("b")
    expect(page.locator("#opinion")).to_be_focused()
    page.keyboard.type("Name the source of the number")
    page.keyboard.press("Escape")
    page.keyboard.press("b")


def test_an_officers_ten_minutes(visiting):
    maker = Staff.objects.get(username=WHO["operations"])
    arguable, warned, clean = (
        in_review(
            maker, body, copy=copy_of(maker, name.lower(), name_en=name), now=NOW - timedelta(days=back)
        )
        for back, name, body in (
            (40, "Arguable", BODY),
            (30, "Warned", SMS + WARNED),
            (20, "Clean", SMS + CLEAN),
        )
    )
    with visiting(WHO["compliance"]) as (page, complaints):
        page.goto("/")
        page.locator("html.js").wait_for()
        page.keyboard.press("s")
        expect(page.locator("h1")).to_have_text("Copy to review")
        assert sound(page) == []
        page.locator("html.js").wait_for()
        page.keyboard.press("n")
        opened(page, arguable)
        assert sound(page) == []
        ask_for_an_exception(page, arguable)
        return_with_a_reason(page, arguable)
        opened(page, warned)
        # A warning is accepted by name; then the copy is approved, and the next opens.
        page.keyboard.press("y")
        expect(page.locator(".finding")).to_contain_text("Accepted by")
        opened(page, warned)
        page.keyboard.press("a")
        opened(page, clean)
        expect(page.locator(".findings")).to_contain_text("No finding by rule pack")
        with visiting("compliance2", language="zh-hans") as (other, _complaints):
            other.goto(f"/admin/review/{clean.pk}/")
            expect(other.locator(".note.warn")).to_contain_text("起在审")
            expect(other.get_by_role("button", name="批准")).to_have_count(0)
        page.keyboard.press("a")
        expect(page.get_by_role("status")).to_contain_text("Approved")
        page.goto("/admin/review/opinions/")
        expect(page.locator(".items > li").first).to_contain_text("Clean")
        assert complaints == []
    states = CopyVersion.objects.in_bulk([arguable.pk, warned.pk, clean.pk])
    assert [states[one.pk].state for one in (arguable, warned, clean)] == ["returned", "approved", "approved"]
