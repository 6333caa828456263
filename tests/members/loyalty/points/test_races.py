"""Many at one balance at the same moment, each on a connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from crm.staff.models import Role
from members.loyalty.models import PointsEntry, Reward
from members.loyalty.points.configuration import rewards
from members.loyalty.points.configuration.rewards import RewardDraft, latest_version
from members.loyalty.points.ledger.balance import Balance, get_balance
from members.loyalty.points.ledger.claw_back import claw_back
from members.loyalty.points.ledger.earn import Earning, earn, earn_many
from members.loyalty.points.ledger.redeem import cancel_redemption, redeem, redeem_reward
from members.loyalty.points.ledger.refusals import PointsRefused
from members.loyalty.points.ledger.settle import settle
from members.loyalty.points.reports.verify import verify
from tests.crm.cast import NOW, member, staff_of
from tests.members.loyalty.points.worlds import approved, give, programme

pytestmark = pytest.mark.django_db(transaction=True)
SPENDERS = 16
DAY = timedelta(days=1)


def together(*works: Callable[[], object]) -> list[object]:
    """What each answered or was refused with, all begun at one moment."""
    ready, said = Barrier(len(works), timeout=60), []

    def run(work: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            ready.wait()
            said.append(work())
        except PointsRefused as refused:
            said.append(refused.code)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(said) == len(works)
    return said


def test_sixteen_spenders_never_overdraw_one_balance():
    points, who = programme(), member()
    for days in range(1, 11):
        give(points, who.pk, 10, days=days)
    said = together(*(
        lambda number=number: redeem(points.pk, who.pk, 7, key=f"k{number}", now=NOW)
        for number in range(SPENDERS)
    ))  # fmt: skip
    assert said.count("points_not_enough") == 2
    assert get_balance(points.pk, who.pk) == Balance(2)
    assert verify().differing == 0


def test_sixteen_retries_of_one_redemption_spend_once():
    points, who = programme(), member()
    give(points, who.pk, 1000)
    said = together(*(lambda: redeem(points.pk, who.pk, 7, key="one", now=NOW) for _ in range(SPENDERS)))
    assert len({answer.entry for answer in said}) == 1
    assert get_balance(points.pk, who.pk) == Balance(993)


def test_retries_of_a_first_earning_give_once():
    points, who = programme(), member()
    given = [Earning(who.pk, f"k{n}", 5, NOW) for n in range(3)]
    works = [lambda: earn_many(points.pk, given, now=NOW), lambda: earn_many(points.pk, given[::-1], now=NOW)]
    together(*works * 4, *(lambda: earn(points.pk, given[0], now=NOW) for _ in range(4)))
    assert get_balance(points.pk, who.pk) == Balance(15)
    assert verify().differing == 0


def test_all_that_can_happen_at_once_leaves_the_ledger_whole():
    points, who = programme(), member()
    earned = [give(points, who.pk, 20, days=3, pending=n % 2) for n in range(6)]
    spent = redeem(points.pk, who.pk, 15, key="before", now=NOW)
    later = NOW + 2 * DAY
    together(
        *(lambda e=e: claw_back(points.pk, who.pk, e, key=f"back {e}", now=later) for e in earned[:3]),
        *(lambda n=n: redeem(points.pk, who.pk, 9, key=f"k{n}", now=later) for n in range(4)),
        *(lambda n=n: earn(points.pk, Earning(who.pk, f"e{n}", 8, later), now=later) for n in range(4)),
        lambda: cancel_redemption(points.pk, who.pk, spent.entry, key="c1", now=later),
        lambda: cancel_redemption(points.pk, who.pk, spent.entry, key="c2", now=later),
        lambda: settle(points.pk, [who.pk], now=later),
        lambda: settle(points.pk, [who.pk], now=later + DAY),
    )
    assert verify().differing == 0
    assert PointsEntry.objects.filter(member=who, kind="reverse").count() == 1


def test_the_last_piece_goes_to_one_member():
    points, people = programme(), [member() for _ in range(4)]
    asked = rewards.propose(
        points, "mug", RewardDraft(50, "12.50", "20", 1), name="杯子", effective_from=NOW, reason="launch",
        maker=staff_of(Role.OPERATIONS), now=NOW,
    )  # fmt: skip
    approved(asked)
    mug = latest_version(points.pk, "mug")
    for who in people:
        give(points, who.pk, 100)
    said = together(*(lambda who=who: redeem_reward(mug, who.pk, key="mug", now=NOW) for who in people))
    assert said.count("reward_out_of_stock") == 3
    assert Reward.objects.get().stock == 0
    assert sum(get_balance(points.pk, who.pk).points for who in people) == 350
