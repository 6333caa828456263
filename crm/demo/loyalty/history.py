"""Two years of the programme, by the engines themselves: tiers, points with redemptions, badges, quests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from django.db import connection

from crm.demo.computed import keep_until_computed
from crm.demo.loyalty import parameters
from crm.demo.world.dice import dice
from crm.demo.world.simulate import SEED
from crm.runtime.clock import day_start
from members.loyalty.incentives.keeping import keep as incentives
from members.loyalty.incentives.keeping.compiled import live_rules
from members.loyalty.models import (
    PointsAccount,
    PointsEntry,
    Programme,
    RewardVersion,
)
from members.loyalty.points.earning.drain import drain
from members.loyalty.points.ledger.claw_back import claw_back
from members.loyalty.points.ledger.redeem import redeem_reward
from members.loyalty.points.ledger.refusals import PointsRefused
from members.loyalty.points.ledger.settle import settle_due
from members.loyalty.points.reports.liability import store_cohorts
from members.loyalty.tiers.keeping.keep import keep as keep_tiers

# The facts came before the programme, so that nothing has marked them.
_MARK = """
INSERT INTO loyalty_earnmark (member_id, source, since)
SELECT DISTINCT f.member_id, '{table}', %(began)s::timestamptz FROM {table} AS f
"""


def live(programme: Programme, *, today: date, now: datetime) -> dict[str, int]:
    """Everything that happened until `now`; returns numbers of what there is."""
    began = day_start(today - timedelta(days=parameters.BEGAN))
    rng = dice(SEED, "loyalty")
    tiers = keep_tiers(now=now)
    _mark_facts(began)
    for at in _ends(began, now):
        drain(now=at)
        settle_due(now=at)
        _redeem(programme, rng, at)
    _take_back(programme, now)
    kept = keep_until_computed(lambda: incentives.keep(now=now), lambda: _rules_wait(now))
    awards = sum(one.awards for one in kept)
    store_cohorts(programme.pk, now=now)
    entries = PointsEntry.objects.filter(programme=programme).count()
    return {"tier changes": tiers.added, "entries": entries, "awards": awards}


def _rules_wait(now: datetime) -> bool:
    return any(not (rule.computed_at or rule.failed_at) for rule in live_rules(now))


def _mark_facts(began: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT table_name FROM loyalty_earnread ORDER BY 1")
        for (table,) in cursor.fetchall():
            cursor.execute(_MARK.format(table=table), {"began": began})


def _ends(began: datetime, now: datetime) -> Iterator[datetime]:
    """The ends of the parts of the programme's life, the last one now."""
    step = (now - began) / parameters.PARTS
    for number in range(1, parameters.PARTS + 1):
        yield began + step * number


def _redeem(programme: Programme, rng: Random, at: datetime) -> None:
    """Some of those who have enough redeem what is still there."""
    versions = list(
        RewardVersion.objects.filter(reward__programme=programme).select_related("reward").order_by("points")
    )
    cheapest = versions[0].points
    rich = PointsAccount.objects.filter(programme=programme, balance__gte=cheapest).order_by("member_id")
    for member, balance in rich.values_list("member_id", "balance"):
        if rng.random() >= parameters.REDEEMERS:
            continue
        wanted = rng.choice([version for version in versions if version.points <= balance])
        key = f"shop {wanted.reward.code} {at:%Y-%m-%d}"
        try:
            redeem_reward(wanted, member, key=key, now=at)
        except PointsRefused:
            continue  # out of stock


def _take_back(programme: Programme, now: datetime) -> None:
    """Something was credited to the wrong member, who has spent its points already: the next ones pay."""
    spent = PointsEntry.objects.filter(programme=programme, kind="redeem").values("member_id")
    accounts = PointsAccount.objects.filter(programme=programme, member_id__in=spent)
    balances = dict(accounts.values_list("member_id", "balance"))
    earned = PointsEntry.objects.filter(
        programme=programme, kind="earn", member_id__in=balances, at__gt=now - parameters.CORRECTED_WITHIN
    )
    for member, entry, points in earned.order_by("-points", "id").values_list("member_id", "id", "points"):
        if points > balances[member]:
            reason = "入账错误，已更正 / Credited to the wrong account, corrected"
            claw_back(programme.pk, member, entry, key="correction 1", now=now, reason=reason)
            return
