"""The rule builder by keys alone, in both languages, and without script."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.harness.chrome import settled

pytestmark = pytest.mark.browser
PAGE = "/segments/filter/"
# What is typed to find a field, its label, an amount as it is typed and as it is said, and another field.
WORDS = {
    "en": ("zichan", "Assets", "200k", "¥200,000", "Risk class"),
    "zh-hans": ("assets", "资产规模", "20万", "20万", "风险承受能力"),
}
AUM = {"field": "aum", "op": ">=", "value": 200_000}
RISK = {"field": "risk_class", "op": "in", "value": ["C1"]}


def rule_of(page: Page) -> dict:
    """The rule that the list is filtered by."""
    return json.loads(parse_qs(urlsplit(page.url).query)["rule"][0])


def presses(page: Page, key: str) -> None:
    """A key that takes a step on the server, and the focus that it leads to."""
    with page.expect_response("**/builder/step/"):
        page.keyboard.press(key)
    settled(page)


@pytest.mark.parametrize("language", list(WORDS))
def test_a_rule_is_built_by_keys_alone(visiting, language):
    typed, label, amount, said, other = WORDS[language]
    with visiting("operations1", language=language) as (page, complaints):
        page.goto(PAGE)
        page.locator("html.js").wait_for()
        page.keyboard.press("n")
        page.keyboard.type(typed)  # some of it before the input is there
        chosen = page.locator("[role=option][aria-selected=true]")
        expect(chosen).to_contain_text(label)
        presses(page, "Enter")
        expect(page.locator("#r-0-value")).to_be_focused()
        page.keyboard.type(amount)
        expect(page.locator("#rule-preview .answer")).to_contain_text(said)
        expect(page.locator("#rule-preview .rule-count strong")).to_have_text(re.compile(r"\d"))
        page.keyboard.press("Escape")
        expect(page.locator("#r-0")).to_be_focused()
        presses(page, "d")
        expect(page.locator("#r-1")).to_be_focused()
        presses(page, "e")
        page.keyboard.type("risk class")
        expect(chosen).to_contain_text(other)
        presses(page, "Enter")
        expect(page.locator("#r-1-value-1")).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        page.keyboard.press("Escape")
        page.keyboard.press("k")
        page.keyboard.press("j")
        expect(page.locator("#r-1")).to_be_focused()
        presses(page, "w")
        presses(page, "i")
        expect(page.locator("#r-1")).to_be_focused()
        presses(page, "[")
        expect(page.locator("#r-0")).to_be_focused()
        page.keyboard.press("?")
        expect(page.locator("#keys")).to_contain_text("Delete")
        page.keyboard.press("Escape")
        with page.expect_navigation(url="**/members/**"):
            page.keyboard.press("a")
        assert rule_of(page) == {"all": [{"not": {"any": [RISK]}}, AUM]}
        page.go_back()
        expect(page.locator("#r-1-value")).to_have_value("200,000")
        # htmx itself tells of each preview that was given up for a newer one.
        assert [one for one in complaints if not one.startswith("htmx:")] == []


def test_a_rule_is_built_without_script(visiting):
    with visiting("operations1", java_script_enabled=False) as (page, complaints):
        page.goto(f"{PAGE}?stage=growth")
        page.locator("button[value='add:r']").press("Enter")
        expect(page.locator("#r-1-find")).to_be_focused()
        page.keyboard.type("assets")
        page.keyboard.press("Enter")
        page.locator("button[value='choose:r.1:field:aum']").press("Enter")
        expect(page.locator("#r-1-value")).to_be_focused()
        page.keyboard.type("lots")
        page.keyboard.press("Enter")
        expect(page.locator("#r-1-errors")).to_contain_text("“lots” is not a number")
        page.locator("#r-1-value").fill("200k")
        page.keyboard.press("Enter")
        expect(page.locator("#rule-preview .answer")).to_contain_text("¥200,000")
        page.get_by_role("button", name="Apply filter").press("Enter")
        page.wait_for_url("**/members/**")
        assert rule_of(page) == {"all": [{"field": "stage", "op": "=", "value": "growth"}, AUM]}
        assert complaints == []
