"""What people say, earn and live through in a simulated world."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from statistics import median

from crm.demo.world.channels import FRIENDS
from crm.demo.world.days import SPAN
from crm.demo.world.parameters import (
    CAMPAIGN_CHANNEL,
    CAMPAIGN_DAYS,
    INCOME_BANDS,
    MOST_YEARS_RETIRED,
    RUN_AGO,
    RUN_PRODUCT,
    TOP_BAND,
    WAVE_FROM,
    WAVE_PRODUCT,
    WAVE_TO,
)
from crm.demo.world.products import SHELF
from tests.crm.demo.worlds import TODAY, rows

FIRST = TODAY - timedelta(days=SPAN)
INSTANTS = {
    "touches": "at",
    "transactions": "at",
    "events": "at",
    "signals": "at",
    "complaints": "received_at",
}


def test_what_customers_say_is_written_down_in_both_languages(world):
    written = {row["detail"] for row in rows(world, "signals")}
    for row in rows(world, "complaints"):
        written |= {row["words"], row["answer"], row["resolution"]}
    for detail in written - {""}:
        chinese, english = detail.split(" / ")
        assert not chinese.isascii() and english.isascii()


def test_incomes_fit_purchases(world):
    """Nobody brings more than their income explains, and private funds are for the qualified."""
    wealth = {row["member_id"]: float(row["aum"]) for row in rows(world, "truth")}
    members = {row["member_id"]: row for row in rows(world, "members")}
    by_band = defaultdict(list)
    for key, row in members.items():
        if row["income_band"] and wealth[key]:
            by_band[row["income_band"]].append(wealth[key])
    bands = [name for _, name in INCOME_BANDS] + [TOP_BAND]
    assert max(by_band[bands[0]]) < INCOME_BANDS[0][0] * MOST_YEARS_RETIRED * 1.3
    typical = [median(by_band[name]) for name in bands]
    assert typical[0] < typical[2] < typical[4]
    private = {product.code for product in SHELF if product.category == "private"}
    for row in rows(world, "transactions"):
        if row["product_id"] in private:
            assert members[row["member_id"]]["investor_type"] in {"qualified", "professional"}


def test_the_stories_are_there_to_be_found(world):
    """Each leaves the trace that docs/demo-world.md points at."""
    trades = rows(world, "transactions")

    def days_ago(row):
        return (TODAY - date.fromisoformat(row["at"][:10])).days

    left = Counter(
        RUN_AGO - 21 <= days_ago(row) <= RUN_AGO
        for row in trades
        if row["product_id"] == RUN_PRODUCT and row["kind"] == "redemption"
    )
    assert left[True] > left[False]
    wave = [row for row in trades if row["product_id"] == WAVE_PRODUCT and row["kind"] == "buy"]
    assert sum(WAVE_TO <= days_ago(row) <= WAVE_FROM + 3 for row in wave) * 5 > len(wave)
    touches = [row for row in rows(world, "members") if row["channel"] == CAMPAIGN_CHANNEL]
    friends = [row for row in touches if FRIENDS in row["campaign"]]
    assert len(friends) * SPAN / CAMPAIGN_DAYS > 2.5 * len(touches)
