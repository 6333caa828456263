"""One person changes a threshold and sees who would move, a second one applies it; in both languages."""

from __future__ import annotations

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from members.loyalty.models import Programme, Tier, TierPolicy
from members.loyalty.tiers.keeping.keep import keep
from tests.browser.town import NOW, WHO
from tests.members.loyalty.tiers.worlds import policy, programme

pytestmark = pytest.mark.browser
PAGE = "/loyalty/tiers/rules/"
REASON = "fewer members, better served"
WORDS = {
    "en": ("Preview impact", "members would change tier", "Submit for approval"),
    "zh-hans": ("预览影响", "名等级将变化", "提交审批"),
}


@pytest.fixture
def rules(db) -> str:
    """Tier rules for the town; returns the name of the input that asks for the second tier."""
    if not Programme.objects.filter(is_main=True).exists():
        policy(programme(), date(2026, 1, 1), {n: {"average": 50_000 * n} for n in (1, 2, 3)})
    keep(now=NOW)
    tier = Tier.objects.get(programme__is_main=True, rank=1)
    return f"tier_{tier.pk}_average"


def _asked(page):
    """The request of this test; the town has others."""
    return page.locator("#requests ol.requests > li", has_text=REASON)


@pytest.mark.parametrize("language", list(WORDS))
def test_a_threshold_is_changed_seen_and_applied_by_two(rules, visiting, language):
    preview, moved, submit = WORDS[language]
    with visiting(WHO["administrator"], language=language) as (page, complaints):
        page.goto(PAGE)
        page.locator("#change summary").click()
        page.locator(f"[name={rules}]").fill("90000")
        page.locator("[name=reason]").fill(REASON)
        page.get_by_role("button", name=preview).click()
        expect(page.locator("#preview")).to_contain_text(re.compile(moved), timeout=30_000)
        expect(page.locator("table.heat [data-heat]").first).to_be_visible()
        page.get_by_role("button", name=submit).click()
        expect(_asked(page)).to_have_count(1)
        assert not complaints
    before = TierPolicy.objects.count()
    with visiting(WHO["compliance"], language=language) as (page, complaints):
        page.goto(f"{PAGE}#requests")
        _asked(page).locator("[name=opinion]").fill("agreed")
        _asked(page).locator("[name=choice][value=approve]").click()
        page.wait_for_load_state()
        assert not complaints
    assert TierPolicy.objects.count() == before + 1
    assert TierPolicy.objects.latest("version").thresholds[0]["average"] == "90000.00"
