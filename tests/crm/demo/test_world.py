"""The simulated world keeps the laws of the real one."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from math import isclose

import chinese_calendar
import pytest

from crm.demo.world.days import SPAN, Days, trades_on
from crm.demo.world.lives.people import _ID_CHECKS, _ID_WEIGHTS, ID_REGION, MOBILE_PREFIX
from crm.demo.world.market import Market
from crm.demo.world.products import SHELF
from crm.demo.world.rows import COLUMNS
from crm.demo.world.simulate import simulate
from tests.crm.demo.worlds import MEMBERS, TODAY, rows

FIRST = TODAY - timedelta(days=SPAN)
INSTANTS = {
    "touches": "at",
    "transactions": "at",
    "events": "at",
    "signals": "at",
    "complaints": "received_at",
}


def at(row: dict[str, str]) -> datetime:
    return datetime.fromisoformat(row["at"])


def test_the_same_world_is_the_same_byte_for_byte(tmp_path):
    for name in ("one", "two"):
        simulate(tmp_path / name, members=60, today=TODAY)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert len(files) == len(COLUMNS) + 5
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name


def test_another_seed_or_day_is_another_world(tmp_path, world):
    simulate(tmp_path / "seed", members=60, today=TODAY, seed="other")
    simulate(tmp_path / "day", members=60, today=TODAY + timedelta(days=1))
    names = {name: [row["name"] for row in rows(tmp_path / name, "members")] for name in ("seed", "day")}
    assert names["seed"] != names["day"]


def test_a_world_of_nobody_is_refused(tmp_path):
    with pytest.raises(ValueError, match="at least 1"):
        simulate(tmp_path, members=0, today=TODAY)


def test_files_have_the_columns_of_their_kind_and_unique_ids(world):
    for kind, columns in COLUMNS.items():
        found = rows(world, kind)
        assert found, kind
        assert tuple(found[0]) == columns
        key = ("channel", "date") if kind == "spend" else columns[:1]
        if kind in {"valuations", "risk_assessments"}:
            key = columns[:2]
        keys = [tuple(row[name] for name in key) for row in found]
        assert len(set(keys)) == len(keys), kind
    assert len(rows(world, "members")) == MEMBERS


def test_everything_happens_within_the_three_years_before_today(world):
    for kind, column in INSTANTS.items():
        days = [row[column][:10] for row in rows(world, kind)]
        assert min(days) >= FIRST.isoformat(), kind
        assert max(days) < TODAY.isoformat(), kind
        assert days == sorted(days), kind
    assert max(row["date"] for row in rows(world, "valuations")) < TODAY.isoformat()


def test_references_lead_somewhere(world):
    members = {row["member_id"] for row in rows(world, "members")}
    products = {row["product_id"] for row in rows(world, "products")}
    channels = {row["channel"] for row in rows(world, "channels")}
    for kind in ("transactions", "valuations", "events", "saving_plans", "signals", "risk_assessments"):
        assert {row["member_id"] for row in rows(world, kind)} <= members, kind
    assert {row["product_id"] for row in rows(world, "transactions")} <= products
    for kind in ("members", "spend", "touches"):
        assert {row["channel"] for row in rows(world, kind)} <= channels, kind


def test_nobody_acts_before_registering_and_prospects_do_not_act(world):
    registered = {row["member_id"]: row["registered_at"] for row in rows(world, "members")}
    for kind in ("transactions", "events", "signals"):
        for row in rows(world, kind):
            begun = registered[row["member_id"]]
            assert begun, f"a prospect has {kind}"
            assert at(row) >= datetime.fromisoformat(begun), row


def test_touches_come_before_the_registration(world):
    registered = {row["member_id"]: row["registered_at"] for row in rows(world, "members")}
    known = [row for row in rows(world, "touches") if row["member_id"]]
    assert len(known) == MEMBERS
    for row in known:
        begun = registered[row["member_id"]]
        assert not begun or at(row) <= datetime.fromisoformat(begun), row


def test_referrers_registered_before_those_they_brought(world):
    members = {row["member_id"]: row for row in rows(world, "members")}
    brought = [row for row in members.values() if row["referrer_id"]]
    assert len(brought) > MEMBERS * 0.05
    for row in brought:
        referrer = members[row["referrer_id"]]
        assert referrer["registered_at"]
        if row["registered_at"]:
            assert referrer["registered_at"] <= row["registered_at"]


def test_trades_only_on_working_days(world):
    for row in rows(world, "transactions"):
        day = date.fromisoformat(row["at"][:10])
        assert day.weekday() < 5 and chinese_calendar.is_workday(day), row
    logins = Counter(date.fromisoformat(row["at"][:10]).weekday() for row in rows(world, "events"))
    assert logins[6] > logins.total() / 20  # people look in on Sundays too


def test_a_year_without_announced_holidays_follows_the_week():
    assert trades_on(date(2099, 1, 1))  # a Thursday
    assert not trades_on(date(2099, 1, 3))


def test_nobody_sells_what_they_do_not_hold_and_valuations_follow_the_prices(world):
    prices = {row["date"]: row for row in rows(world, "prices")}
    trades = defaultdict(list)
    for row in rows(world, "transactions"):
        trades[row["member_id"]].append(row)
    valuations = defaultdict(dict)
    for row in rows(world, "valuations"):
        valuations[row["member_id"]][row["date"]] = float(row["aum"])
    checked = 0
    for member, mine in trades.items():
        units: dict[str, float] = defaultdict(float)
        days = sorted({row["at"][:10] for row in mine} | set(valuations[member]))
        by_day = defaultdict(list)
        for row in mine:
            by_day[row["at"][:10]].append(row)
        for day in days:
            for row in sorted(by_day[day], key=at):
                product, price = row["product_id"], float(prices[day][row["product_id"]])
                if row["kind"] in ("buy", "plan_debit"):
                    units[product] += float(row["amount"]) / price
                elif row["kind"] in ("redemption", "payout"):
                    units[product] -= float(row["amount"]) / price
                    assert units[product] * price > -0.05, row
                    if units[product] * price < 1.1:
                        units[product] = 0.0
            if day in valuations[member]:
                worth = sum(held * float(prices[day][product]) for product, held in units.items())
                assert isclose(worth, valuations[member][day], rel_tol=1e-5, abs_tol=3.0), (member, day)
                checked += 1
    assert checked > MEMBERS * 10


def test_amounts_look_like_life(world):
    minimum = {product.code: product.minimum for product in SHELF}
    buys = [row for row in rows(world, "transactions") if row["kind"] == "buy"]
    for row in buys:
        assert float(row["amount"]) % 100 == 0, row
        assert float(row["amount"]) >= minimum[row["product_id"]], row
    amounts = sorted(float(row["amount"]) for row in buys)
    assert amounts[len(amounts) // 2] * 4 < amounts[len(amounts) * 98 // 100]  # a long tail


def test_nobody_buys_what_does_not_suit_them(world):
    classes = {row["member_id"]: row["risk_class"] for row in rows(world, "members")}
    risks = {row["product_id"]: int(row["risk"][1]) for row in rows(world, "products")}
    for row in rows(world, "transactions"):
        if row["kind"] == "buy":
            risk_class = int(classes[row["member_id"]][1])
            assert risks[row["product_id"]] <= max(1, risk_class), row


def test_the_latest_questionnaire_is_the_members_class(world):
    latest = {row["member_id"]: row for row in rows(world, "risk_assessments")}  # in the order of days
    for row in rows(world, "members"):
        assessment = latest.get(row["member_id"])
        told = (assessment["risk_class"], assessment["assessed_on"]) if assessment else ("", "")
        assert (row["risk_class"], row["risk_assessed_on"]) == told


def test_nobodys_number_can_be_anybodys(world):
    for row in rows(world, "members"):
        assert row["mobile"].startswith(MOBILE_PREFIX) and len(row["mobile"]) == 11
        assert row["email"] == "" or row["email"].endswith("@example.com")
        number = row["id_number"]
        if number:
            assert number.startswith(ID_REGION)
            total = sum(int(d) * w for d, w in zip(number[:17], _ID_WEIGHTS, strict=True))
            assert number[17] == _ID_CHECKS[total % 11]
            assert number[6:14] == row["birth_date"].replace("-", "")
    mobiles = [row["mobile"] for row in rows(world, "members")]
    assert len(set(mobiles)) == len(mobiles)


def test_the_market_rises_falls_and_recovers():
    days = Days(TODAY)
    level = Market(days, "any").level
    peak = max(range(SPAN // 2), key=level.__getitem__)
    bottom = min(range(peak, SPAN), key=level.__getitem__)
    assert level[peak] > level[0] * 1.3
    assert level[bottom] < level[peak] * 0.75
    assert level[-1] > level[bottom] * 1.2
    assert all(level[day] == level[day - 1] for day in range(1, SPAN) if not days.trading[day])


def test_registrations_grow(world):
    years = Counter(
        (date.fromisoformat(row["registered_at"][:10]) - FIRST).days // 366
        for row in rows(world, "members")
        if row["registered_at"]
    )
    assert years[0] < years[1] < years[2]


def test_the_truth_is_kept_beside_the_traces(world):
    truth = json.loads((world / "truth.json").read_text(encoding="utf-8"))
    assert truth["members"] == MEMBERS and truth["today"] == TODAY.isoformat()
    assert all(
        {"cost", "quality", "hazard", "conversion"} <= set(each) for each in truth["channels"].values()
    )
    people = rows(world, "truth")
    assert [row["member_id"] for row in people] == [row["member_id"] for row in rows(world, "members")]
    invested = {row["member_id"] for row in people if row["invested_on"]}
    assert invested == {row["member_id"] for row in rows(world, "transactions")}
    assert any(row["returned_on"] for row in people)


@pytest.mark.slow(4)
def test_better_channels_show_in_what_can_be_counted(tmp_path):
    """The hidden quality must be there to be found: investors and means by channel."""
    simulate(tmp_path, members=2500, today=TODAY)
    invested = {row["member_id"] for row in rows(tmp_path, "transactions")}
    share = {}
    for channel in ("short_video", "bank_branch"):
        mine = [r for r in rows(tmp_path, "members") if r["channel"] == channel and r["registered_at"]]
        share[channel] = sum(row["member_id"] in invested for row in mine) / len(mine)
    assert share["bank_branch"] > share["short_video"] + 0.08


def test_products_and_channels_have_an_english_name_each(world):
    for kind in ("products", "channels"):
        found = rows(world, kind)
        names = [row["name_en"] for row in found]
        assert all(name.isascii() for name in names) and "" not in names
        assert len(set(names)) == len(found)
