"""Lives written out by hand, with the stages and instants that a reader can check on a calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from members.lifecycle.models import Standing, Transition
from members.lifecycle.recording.restage import restage
from members.lifecycle.recording.verify import verify
from tests.members.lifecycle import oracle, oracle_line, tables, worlds
from tests.members.lifecycle.engine import answers
from tests.members.lifecycle.tables import instant, live
from tests.members.lifecycle.worlds import Row

pytestmark = pytest.mark.django_db
USUAL = oracle.Policy(1, tables.LONG_AGO)  # the product's own thresholds
SHANGHAI = "Asia/Shanghai"


def buy(at: str, amount: int) -> Row:
    return Row("buy", at=instant(at), amount=Decimal(amount))


def sell(at: str, amount: int) -> Row:
    return Row("redemption", at=instant(at), amount=Decimal(amount))


def login(at: str) -> Row:
    return Row("login", at=instant(at))


def logins_twice_a_month(first: date, last: date) -> list[Row]:
    days = (first + timedelta(n) for n in range((last - first).days + 1))
    return [login(f"{day}T12:00:00+08:00") for day in days if day.day in (1, 16)]


# Li touches an advertisement, registers, hesitates, invests, grows rich, sells, falls silent, asks to
# close the account, takes everything out, and comes back.
LI = live(
    "2022-01-05T10:00:00+08:00",
    "2022-01-10T20:15:00+08:00",
    buy("2022-02-15T09:30:00+08:00", 50_000),
    *logins_twice_a_month(date(2022, 2, 1), date(2023, 4, 1)),
    buy("2022-06-01T11:00:00+08:00", 200_000),
    sell("2023-03-20T14:00:00+08:00", 120_000),
    Row("closing_request", at=instant("2023-08-10T16:00:00+08:00")),
    sell("2023-08-12T10:00:00+08:00", 130_000),
    buy("2023-09-15T10:00:00+08:00", 130_000),
)
LI_STAGES = """
2022-01-05T10:00  acquisition       first touch
2022-01-10T20:15  activation        registers
2022-02-09T00:00  activation stalled   thirty days without an investment
2022-02-15T09:30  growth            buys 50,000
2023-01-10T00:00  maturity          250,000 since June; now a member for 365 days
2023-03-20T14:00  decline at_risk   sells: 130,000 is more than 40 % below 250,000
2023-07-30T00:00  decline dormant   120 days after the login of 1 April
2023-08-12T10:00  decline churned   the account is to be closed and empty
2023-09-15T10:00  growth            buys again; 130,000 is more than half of the 250,000 lost
"""
LI_WARNINGS = """
aum_fall  2023-03-20T14:00  2023-08-12T10:00  the sale, until the account is cleared
idle      2023-05-01T00:00  2023-08-12T10:00  30 days after the login of 1 April, until the sale
signal    2023-08-10T16:00  2023-08-12T10:00  the closing request, until then too
"""


def expected_stages(table: str) -> list[tuple]:
    """(instant, stage, sub-state) from the words before two spaces and a remark."""
    found = []
    for text in table.strip().splitlines():
        at, place, *_ = text.split("  ", 1)[0], text.split("  ", 1)[1].strip().split("  ")[0]
        stage, _, sub_state = place.partition(" ")
        found.append((instant(f"{at}:00+08:00"), stage, sub_state or None))
    return found


def expected_warnings(table: str) -> list[oracle_line.Raised]:
    found = []
    for text in table.strip().splitlines():
        kind, begun, ended, *_ = text.split()
        end = None if ended == "-" else instant(f"{ended}:00+08:00")
        found.append(oracle_line.Raised(kind, instant(f"{begun}:00+08:00"), end))
    return found


def test_a_whole_life_from_the_first_touch_to_being_won_back():
    with tables.platform(SHANGHAI, [USUAL]):
        (li,) = tables.put_world(worlds.World(None, None, [], [LI]))
        restage(now=instant("2023-10-01T09:00:00+08:00"), history=True)
        given = [(change.at, *change.after) for change in tables.changes(li)]
        assert given == expected_stages(LI_STAGES)
        assert tables.raised(li) == expected_warnings(LI_WARNINGS)
        rows = Transition.objects.filter(member_id=li).order_by("effective_at")
        assert [row.won_back for row in rows] == [False] * 8 + [True]
        assert rows[2].dwell == instant("2022-02-09T00:00:00+08:00") - LI.registered_at
        now = Standing.objects.get(pk=li)
        assert (now.stage, now.since) == ("growth", instant("2023-09-15T10:00:00+08:00"))
        # Next to happen: 30 days after the purchase of 15 September the member is warned of as idle.
        assert now.due_at == instant("2023-10-15T00:00:00+08:00")
        assert (now.aum, now.peak_aum) == (130_000, 130_000)


def test_the_same_life_lived_day_by_day():
    """Facts come as they happen and the drain runs every few weeks: the same rows in the end."""
    with tables.platform(SHANGHAI, [USUAL]):
        (li,) = tables.put_members([LI])
        now = instant("2022-01-06T03:00:00+08:00")
        waiting = sorted(LI.rows.items(), key=lambda entry: entry[1].at)
        while now <= instant("2023-10-20T03:00:00+08:00"):
            tables.put_rows((li, key, row) for key, row in waiting if row.at <= now)
            waiting = [entry for entry in waiting if entry[1].at > now]
            restage(now=now)
            now += timedelta(days=22)
        assert [(c.at, *c.after) for c in tables.changes(li)] == expected_stages(LI_STAGES)
        assert tables.raised(li)[:3] == expected_warnings(LI_WARNINGS)
        assert not Transition.objects.exclude(superseded_at=None).exists(), "nothing came late"


THIRTY = replace(USUAL, warn_idle_days=30, idle_days=30)
SILENCES = [
    # zone, last login, the first instant of the day thirty days after it, in UTC
    (SHANGHAI, "2023-01-31T23:59:00+08:00", "2023-03-01T16:00:00+00:00"),  # 2 March; February has 28
    (SHANGHAI, "2024-01-31T23:59:00+08:00", "2024-02-29T16:00:00+00:00"),  # 1 March; February has 29
    (SHANGHAI, "2023-02-01T00:00:00+08:00", "2023-03-02T16:00:00+00:00"),  # a minute later, a day later
    ("UTC", "2023-02-01T00:00:00+08:00", "2023-03-02T00:00:00+00:00"),  # still 31 January in UTC
    ("America/New_York", "2024-02-09T12:00:00-05:00", "2024-03-10T05:00:00+00:00"),  # clocks change at two
    ("America/New_York", "2024-02-10T12:00:00-05:00", "2024-03-11T04:00:00+00:00"),  # after the change
    ("America/New_York", "2023-10-06T23:59:59-04:00", "2023-11-05T04:00:00+00:00"),  # before going back
    ("America/New_York", "2023-10-07T00:00:00-04:00", "2023-11-06T05:00:00+00:00"),  # after going back
    ("Europe/London", "2023-09-29T12:00:00+01:00", "2023-10-28T23:00:00+00:00"),
    ("Europe/London", "2023-09-30T12:00:00+01:00", "2023-10-30T00:00:00+00:00"),
    ("Pacific/Auckland", "2023-08-25T12:00:00+12:00", "2023-09-23T12:00:00+00:00"),
    ("Pacific/Auckland", "2023-08-26T12:00:00+12:00", "2023-09-24T11:00:00+00:00"),
    ("Asia/Kolkata", "2023-12-01T23:59:00+05:30", "2023-12-30T18:30:00+00:00"),
    ("Africa/Cairo", "2024-03-27T12:00:00+02:00", "2024-04-25T22:00:00+00:00"),  # a day without midnight
    ("Atlantic/Azores", "2023-09-29T12:00:00+00:00", "2023-10-29T00:00:00+00:00"),  # midnight comes twice
]


@pytest.mark.parametrize(("zone", "last_login", "due"), SILENCES)
def test_thirty_days_of_silence_end_at_the_platforms_midnight(zone, last_login, due):
    life = live(
        "2021-05-01T10:00:00+00:00",
        "2021-05-01T10:00:00+00:00",
        buy("2022-01-01T10:00:00+00:00", 500),
        login(last_login),
    )
    due = instant(due)
    with tables.platform(zone, [THIRTY]):
        (member,) = tables.put_world(worlds.World(None, None, [], [life]))
        found = answers(at=instant(last_login) + timedelta(hours=1), member_ids=[member])[member]
        assert (found.stage, found.due_at) == ("growth", due)
        before = answers(at=due - oracle.MICROSECOND, member_ids=[member])[member]
        assert (before.stage, before.due_at) == ("growth", due)
        then = answers(at=due, member_ids=[member])[member]
        assert (then.stage, then.sub_state, then.rules) == ("decline", "at_risk", oracle.IDLE)


TERM = [
    # what follows the purchase, the instant asked about, whether silence warns
    ([], "2024-03-20", False),
    ([], "2024-04-02", True),
    ([("2024-01-20", 20_000)], "2024-02-18", False),
    ([("2024-01-20", 20_000)], "2024-02-19", True),
    ([("2024-01-20", 19_999)], "2024-02-19", False),
]


@pytest.mark.parametrize(("redeemed", "day", "silent"), TERM)
def test_a_product_excuses_silence_until_its_term_and_no_longer_than_it_is_held(redeemed, day, silent):
    bought = replace(buy("2024-01-02T10:00:00+08:00", 20_000), matures_on=date(2024, 4, 1), product=1)
    others = buy("2024-01-02T11:00:00+08:00", 50_000)
    sold = [replace(sell(f"{on}T10:00:00+08:00", amount), product=1) for on, amount in redeemed]
    now = instant(f"{day}T00:00:00+08:00")
    life = live("2023-01-01T10:00:00+08:00", "2023-01-01T10:00:00+08:00", bought, others, *sold)
    with tables.platform(SHANGHAI, [USUAL]):
        (member,) = tables.put_world(worlds.World(None, None, [], [life]))
        found = answers(at=now, member_ids=[member])[member]
        assert bool(found.warnings & oracle.WARN_IDLE) == silent
        for then in (sold[-1].at if sold else bought.at, now):  # the first by way of what the second keeps
            restage(now=then + timedelta(hours=1))
        assert verify(now=now + timedelta(hours=1)).differing == 0
        assert bool(Standing.objects.get().warnings & oracle.WARN_IDLE) == silent


def test_registered_on_a_leap_day_a_member_stalls_and_ripens_by_counted_days():
    registered = "2024-02-29T23:59:59+08:00"
    hesitant = live(registered, registered)
    rich = live(registered, registered, buy("2024-03-01T10:00:00+08:00", 300_000))
    rich.rows.update({f"l{row.at}": row for row in logins_twice_a_month(date(2024, 3, 1), date(2025, 4, 1))})
    with tables.platform(SHANGHAI, [USUAL]):
        poor_id, rich_id = tables.put_world(worlds.World(None, None, [], [hesitant, rich]))
        at = instant("2024-03-01T00:00:00+08:00")
        assert answers(at=at, member_ids=[poor_id])[poor_id].due_at == instant("2024-03-30T00:00:00+08:00")
        at = instant("2025-02-27T23:59:59+08:00")
        found = answers(at=at, member_ids=[rich_id])[rich_id]
        assert (found.stage, found.due_at) == ("growth", instant("2025-02-28T00:00:00+08:00"))
        found = answers(at=found.due_at, member_ids=[rich_id])[rich_id]
        assert found.stage == "maturity"


def test_a_registration_announced_for_later_is_a_due_instant():
    life = live("2024-05-01T10:00:00+08:00", "2024-05-03T15:20:00+08:00")
    with tables.platform(SHANGHAI, [USUAL]):
        (member,) = tables.put_members([life])
        found = answers(at=instant("2024-05-02T00:00:00+08:00"), member_ids=[member])[member]
        assert (found.stage, found.due_at) == ("acquisition", life.registered_at)
        assert answers(at=life.registered_at, member_ids=[member])[member].stage == "activation"


def test_one_cent_decides():
    """60 % of 1,000.01 is 600.006: 600.00 has fallen by 40 %, 600.01 has not."""
    day = date(2024, 5, 1)
    lives = []
    for left in ("600.00", "600.01"):
        life = live("2024-04-01T10:00:00+08:00", "2024-04-01T10:00:00+08:00")
        life.rows["a"] = Row("valuation", day=day, amount=Decimal("1000.01"))
        life.rows["b"] = Row("valuation", day=day + timedelta(1), amount=Decimal(left))
        lives.append(life)
    with tables.platform(SHANGHAI, [replace(USUAL, warn_floor=Decimal(0))]):
        fallen, standing = tables.put_world(worlds.World(None, None, [], lives))
        found = answers(at=instant("2024-05-02T00:00:00+08:00"), member_ids=[fallen, standing])
        assert (found[fallen].stage, found[fallen].rules) == ("decline", oracle.AUM_FALL)
        assert (found[standing].stage, found[standing].warnings) == ("growth", oracle.WARN_AUM_FALL)
        assert found[standing].aum_low == Decimal("600.01")
