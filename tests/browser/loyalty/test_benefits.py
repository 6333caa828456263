"""Customer service records the use of a benefit and undoes it: by keys, and on a phone without script."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.town import WHO

pytestmark = pytest.mark.browser
WORDS = {
    "en": {
        "left": "3 of 3 left",
        "one": "2 of 3 left",
        "record": "Record use: Concierge",
        "undo": "Undo",
    },
    "zh-hans": {"left": "剩余 3/3 次", "one": "剩余 2/3 次", "record": "登记使用：礼宾服务", "undo": "撤销"},
}


@pytest.mark.parametrize("language", WORDS)
def test_a_use_is_recorded_and_undone_by_keys(visiting, town, language):
    words = WORDS[language]
    with visiting(WHO["customer_service"], language=language) as (page, complaints):
        page.goto("/loyalty/benefits/desk/")
        page.keyboard.type(f"#{town.book[0].id}")  # the search has the focus already
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/*/")
        row = page.locator(".benefits > li").filter(has=page.get_by_role("button", name=words["record"]))
        expect(row).to_contain_text(words["left"])
        key = row.locator("[data-key]").get_attribute("data-key")
        page.locator("html.js").wait_for()
        page.keyboard.press(key)
        expect(row).to_contain_text(words["one"])
        page.locator("html.js").wait_for()
        page.keyboard.press("u")
        expect(row).to_contain_text(words["left"])
        assert complaints == []


def test_it_is_recorded_without_script_too(visiting, town):
    words = WORDS["en"]
    with visiting(WHO["customer_service"], java_script_enabled=False) as (page, _complaints):
        page.goto(f"/loyalty/benefits/desk/{town.book[1].id}/")
        row = page.locator(".benefits > li").filter(has=page.get_by_role("button", name=words["record"]))
        row.get_by_role("button", name=words["record"]).click()
        expect(row).to_contain_text(words["one"])
        page.get_by_role("button", name=words["undo"]).first.click()
        expect(row).to_contain_text(words["left"])
