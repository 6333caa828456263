"""Falls written out by hand: when they begin, what ends them, and which end is a win-back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from members.lifecycle.models import Transition
from members.lifecycle.recording.restage import restage
from members.lifecycle.recording.verify import verify
from tests.members.lifecycle import oracle, tables, worlds
from tests.members.lifecycle.tables import instant, live
from tests.members.lifecycle.worlds import Life, Row

pytestmark = pytest.mark.django_db
USUAL = oracle.Policy(1, tables.LONG_AGO, mature_aum=Decimal(1_000_000))
BORN = "2024-01-01T10:00:00+08:00"


def worth(day: str, aum: str | int) -> Row:
    return Row("valuation", day=date.fromisoformat(day), amount=Decimal(aum))


def at(day: str, kind: str, amount: int = 0) -> Row:
    return Row(kind, at=instant(f"{day}T09:00:00+08:00"), amount=Decimal(amount))


def complaint(day: str, closed: str = "") -> Row:
    closed_at = instant(f"{closed}T09:00:00+08:00") if closed else None
    return replace(at(day, "complaint"), closed_at=closed_at)


def logins(first: str, last: str) -> list[Row]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [at(str(start + timedelta(n)), "login") for n in range(0, (end - start).days + 1, 14)]


HELD = worth("2024-01-02", 100_000)
FELL = worth("2024-05-02", 50_000)
SEEN = logins("2024-01-05", "2025-12-31")
# rows beside those of everybody, and what follows: day, stage, "back" or "settled"
LIVES: dict[str, tuple[list[Row], list[str]]] = {
    "half of what was lost is back, to the cent": (
        [HELD, FELL, worth("2024-06-01", "74999.99"), worth("2024-06-02", 75_000), *SEEN],
        ["2024-05-02 decline", "2024-06-02 growth back"],
    ),
    "a fall is not over because its peak is long ago, but forgotten in the end": (
        [HELD, FELL, *SEEN],
        ["2024-05-02 decline", "2025-05-02 growth settled"],
    ),
    "a new trough lowers what has to come back": (
        [
            HELD,
            FELL,
            worth("2024-05-20", 20_000),
            worth("2024-06-02", 59_999),
            worth("2024-06-03", 60_000),
            *SEEN,
        ],
        ["2024-05-02 decline", "2024-06-03 growth back"],
    ),
    "a second fall is measured from where the first one ended": (
        [HELD, FELL, worth("2024-06-02", 75_000), worth("2024-06-05", 45_001), worth("2024-06-06", 45_000)]
        + [worth("2024-07-01", 60_000), *SEEN],
        ["2024-05-02 decline", "2024-06-02 growth back", "2024-06-06 decline", "2024-07-01 growth back"],
    ),
    "a second fall while the first is open needs what the first needs": (
        [HELD, FELL, worth("2024-06-01", 70_000), worth("2024-06-10", 40_000), worth("2024-07-01", 69_999)]
        + [worth("2024-07-02", 70_000), *SEEN],
        ["2024-05-02 decline", "2024-07-02 growth back"],
    ),
    "a slow fall counts from its highest peak": (
        [HELD, worth("2024-03-01", 80_000), worth("2024-03-20", 60_000), worth("2024-04-10", 40_000)]
        + [worth("2024-06-01", 69_999), worth("2024-06-02", 70_000), *SEEN],
        ["2024-03-20 decline", "2024-06-02 growth back"],
    ),
    "a slow fall over more than the window is none": (
        [HELD, worth("2024-03-01", 80_000), worth("2024-06-01", 60_000), worth("2024-09-01", 45_000), *SEEN],
        [],
    ),
    "a new normal ends it, and what comes after is measured from there": (
        [HELD, FELL, at("2024-06-10", "new_normal"), worth("2024-07-01", 30_001), worth("2024-07-02", 30_000)]
        + [worth("2024-07-10", 40_000), *SEEN],
        [
            "2024-05-02 decline",
            "2024-06-10 09:00 growth settled",
            "2024-07-02 decline",
            "2024-07-10 growth back",
        ],
    ),
    "who wakes with the money still there is won back": (
        [HELD, *logins("2024-01-05", "2024-02-10"), at("2024-06-10", "login")],
        ["2024-04-02 decline", "2024-06-01 decline dormant", "2024-06-10 09:00 growth back"]
        + ["2024-08-09 decline", "2024-10-08 decline dormant"],
    ),
    "who wakes when the fall is forgotten is not, for the money is gone": (
        [HELD, FELL, *logins("2024-01-05", "2025-02-10"), at("2025-06-10", "login")],
        ["2024-05-02 decline", "2025-05-31 decline dormant", "2025-06-10 09:00 growth settled"],
    ),
    "money paid out and invested again is no fall, whatever the order of the days": (
        [
            at("2024-01-02", "buy", 100_000),
            at("2024-05-02", "payout", 100_000),
            at("2024-05-10", "buy", 60_000),
        ]
        + [at("2024-05-15", "buy", 40_000), *SEEN],
        [],
    ),
    "nor is it a peak from which to fall": (
        [
            at("2024-01-02", "buy", 100_000),
            at("2024-05-02", "payout", 50_000),
            at("2024-05-03", "buy", 50_000),
        ]
        + [at("2024-05-20", "redemption", 39_999), *SEEN],
        [],
    ),
    "what is not invested again within two weeks is a fall": (
        [
            at("2024-01-02", "buy", 100_000),
            at("2024-05-02", "payout", 80_000),
            at("2024-05-10", "buy", 20_000),
        ]
        + [at("2024-06-01", "buy", 30_000), *SEEN],
        ["2024-05-16 decline", "2024-06-01 09:00 growth back"],
    ),
    "a redemption is one at once": (
        [at("2024-01-02", "buy", 100_000), at("2024-05-02", "redemption", 80_000), *SEEN],
        ["2024-05-02 09:00 decline", "2025-05-02 growth settled"],
    ),
    "a closing request that lapses brings nobody back": (
        [HELD, at("2024-05-02", "closing_request"), *SEEN],
        ["2024-05-02 09:00 decline", "2024-07-31 growth settled"],
    ),
    "a purchase after a closing request does": (
        [HELD, at("2024-05-02", "closing_request"), at("2024-05-20", "buy", 10), *SEEN],
        ["2024-05-02 09:00 decline", "2024-05-20 09:00 growth back"],
    ),
}


def told(member_id: int) -> list[str]:
    """Every transition from the first decline on; "at_risk" and midnight go without saying."""
    lines = []
    for row in Transition.objects.filter(member_id=member_id, superseded_at=None).order_by("effective_at"):
        if "decline" not in (row.from_stage, row.to_stage):
            continue
        local = row.effective_at.astimezone(worlds.ZoneInfo("Asia/Shanghai"))
        words = [f"{local:%Y-%m-%d}", "" if local.hour == 0 else f"{local:%H:%M}", row.to_stage]
        words += [row.to_sub_state if row.to_sub_state != "at_risk" else ""]
        words += ["back" if row.won_back else "settled" if row.settled else ""]
        lines.append(" ".join(word for word in words if word))
    return lines


def life(rows: list[Row]) -> Life:
    return live(BORN, BORN, *rows)


@pytest.mark.parametrize(("rows", "expected"), LIVES.values(), ids=LIVES)
def test_what_begins_and_what_ends_a_fall(rows, expected):
    with tables.platform("Asia/Shanghai", [USUAL]):
        (member,) = tables.put_world(worlds.World(None, None, [], [life(rows)]))
        restage(now=instant("2025-07-15T12:00:00+08:00"), history=True)
        assert told(member) == expected


@pytest.mark.parametrize("expected", [LIVES["half of what was lost is back, to the cent"][1]])
def test_valuations_that_come_late_or_are_corrected_tell_the_same_story(expected):
    """What was recorded in between is superseded: the fall that was none, the recovery that came earlier."""
    now = instant("2024-07-15T12:00:00+08:00")
    with tables.platform("Asia/Shanghai", [USUAL]):
        (member,) = tables.put_world(worlds.World(None, None, [], [life([HELD, *SEEN])]))
        restage(now=now, history=True)
        assert told(member) == []
        (key,) = [key for key, row in life([worth("2024-05-02", 55_000)]).rows.items()]
        tables.put_rows([(member, key, worth("2024-05-02", 55_000))])
        restage(now=now)
        assert told(member) == ["2024-05-02 decline"]
        tables.stored(member, key, FELL).update(aum=61_000)  # corrected: no fall
        restage(now=now)
        assert told(member) == []
        tables.stored(member, key, FELL).update(aum=50_000)
        tables.put_rows([(member, "day 2024-06-20", worth("2024-06-20", 75_000))])
        restage(now=now)
        assert told(member) == ["2024-05-02 decline", "2024-06-20 growth back"]
        tables.put_rows([(member, "day 2024-06-02", worth("2024-06-02", 75_000))])  # comes late
        restage(now=now)
        assert told(member) == expected
        assert verify(now=now).differing == 0
        assert Transition.objects.filter(member_id=member).exclude(superseded_at=None).count() >= 2


MATURING = oracle.Policy(
    1, tables.LONG_AGO, mature_aum=Decimal(50_000), mature_days=30, mature_tenure_days=60
)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], ["2024-03-01 maturity"]),
        ([complaint("2024-02-20", "2024-05-20")], ["2024-05-20 maturity"]),
        (
            [complaint("2024-02-20", "2024-04-10"), complaint("2024-04-01", "2024-06-30")],
            ["2024-06-30 maturity"],
        ),
        ([complaint("2024-02-20")], []),
        ([complaint("2024-03-05")], ["2024-03-01 maturity"]),
    ],
    ids=["without", "open on the day", "another before it is closed", "not closed", "afterwards"],
)
def test_nobody_matures_while_a_complaint_is_open(rows, expected):
    with tables.platform("Asia/Shanghai", [MATURING]):
        (member,) = tables.put_world(worlds.World(None, None, [], [life([HELD, *SEEN, *rows])]))
        restage(now=instant("2024-07-15T12:00:00+08:00"), history=True)
        found = Transition.objects.filter(member_id=member, to_stage="maturity", superseded_at=None)
        days = [f"{row.effective_at + timedelta(hours=8):%Y-%m-%d} {row.to_stage}" for row in found]
        assert days == expected
