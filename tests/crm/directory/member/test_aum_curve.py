from datetime import date, datetime, timedelta
from decimal import Decimal

from crm.directory.member.aum_curve import AssetHistory, assets_over_time, draw
from crm.runtime import clock
from members.portfolio.models import Transaction, Valuation
from tests.crm.cast import NOW, member, move

TODAY = clock.day_of(NOW)


def trade(row, kind: str, amount: int, at: datetime) -> None:
    Transaction.objects.create(member=row, id=f"{kind}{at.isoformat()}", at=at, kind=kind, amount=amount)


def test_without_valuations_assets_are_what_was_bought_less_what_was_sold(world):
    row = member()
    trade(row, "buy", 100, NOW - timedelta(days=500))
    trade(row, "buy", 50, NOW - timedelta(days=10))
    trade(row, "redemption", 120, NOW - timedelta(days=5))
    trade(row, "dividend", 999, NOW - timedelta(days=4))
    start = TODAY - timedelta(days=365)
    expected = [(start, 100), (TODAY - timedelta(days=10), 150), (TODAY - timedelta(days=5), 30), (TODAY, 30)]
    assert assets_over_time(row.id, NOW).points == [(day, Decimal(amount)) for day, amount in expected]


def test_a_valuation_covers_its_whole_day_and_later_flows_add_up(world):
    row = member()
    Valuation.objects.create(member=row, date=TODAY - timedelta(days=3), aum=Decimal(1000))
    trade(row, "buy", 70, NOW - timedelta(days=3))
    trade(row, "buy", 5, NOW - timedelta(days=2))
    points = dict(assets_over_time(row.id, NOW).points)
    assert points[TODAY - timedelta(days=3)] == 1000
    assert points[TODAY - timedelta(days=2)] == 1005
    assert points[TODAY] == 1005


def test_the_last_valuation_before_the_year_carries_over(world):
    row = member()
    Valuation.objects.create(member=row, date=TODAY - timedelta(days=700), aum=Decimal(10))
    Valuation.objects.create(member=row, date=TODAY - timedelta(days=600), aum=Decimal(40))
    trade(row, "buy", 500, NOW - timedelta(days=650))
    trade(row, "buy", 2, NOW - timedelta(days=590))
    assert assets_over_time(row.id, NOW).points == [
        (TODAY - timedelta(days=365), Decimal(42)),
        (TODAY, Decimal(42)),
    ]


def test_assets_are_never_below_nothing_and_later_facts_are_not_there_yet(world):
    row = member()
    trade(row, "redemption", 80, NOW - timedelta(days=9))
    trade(row, "buy", 500, NOW + timedelta(hours=1))
    assert assets_over_time(row.id, NOW).points == [(TODAY - timedelta(days=9), 0), (TODAY, 0)]


def test_nothing_is_drawn_for_somebody_without_assets(world):
    assert assets_over_time(member().id, NOW) == AssetHistory([])
    assert draw([], []) is None


def test_only_changes_of_stage_in_force_are_marked(world):
    row = member()
    points = [(date(2026, 1, 1), Decimal(1)), (TODAY, Decimal(2))]
    moves = [
        move(row, "growth", "decline", NOW - timedelta(days=2), to_sub_state="at_risk"),
        move(row, "decline", "decline", NOW - timedelta(days=1), to_sub_state="dormant"),
        move(row, "growth", "maturity", NOW - timedelta(days=9), superseded_at=NOW),
    ]
    assert [mark.key for mark in draw(points, moves).marks] == ["decline"]
