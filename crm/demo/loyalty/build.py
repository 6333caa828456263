"""Give the demonstration its loyalty programme: set up, lived through, and with requests that wait."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.utils.translation import override

from crm.demo.benefits import create_benefits
from crm.demo.loyalty import parameters
from crm.demo.loyalty.configure import set_up
from crm.demo.loyalty.history import live
from crm.runtime.queue.drain import drain
from crm.staff.models import Role, Staff
from members.loyalty.incentives.effects.count_effects import count_all_effects
from members.loyalty.models import PointsAccount, Programme, Tier, TierStanding
from members.loyalty.points.configuration import adjustments
from members.loyalty.tiers.override import propose_override
from members.loyalty.tiers.policy.propose import propose
from members.loyalty.tiers.policy.versions import latest_policy
from members.loyalty.tiers.preview import trial


def build_loyalty(staff: Sequence[Staff], *, today: date, now: datetime) -> dict[str, int]:
    """Everything of it; returns numbers of what there is. In the language of the world."""
    maker, checker = (
        next(person for person in staff if person.role == role) for role in (Role.OPERATIONS, Role.COMPLIANCE)
    )
    with override("zh-hans"):
        programme = set_up(maker, checker, today=today)
        found = live(programme, today=today, now=now)
        found["uses"] = create_benefits(programme, staff, today=today, now=now)
        count_all_effects(now)
        ask(programme, maker, today=today, now=now)
    return found


def ask(programme: Programme, maker: Staff, *, today: date, now: datetime) -> None:
    """A change of the thresholds with its preview, an override and an adjustment, none approved yet."""
    tiers = {tier.code: tier for tier in Tier.objects.filter(programme=programme)}
    _propose_thresholds(programme, tiers, maker, today=today, now=now)
    gold = TierStanding.objects.filter(programme=programme, tier=tiers["gold"]).order_by("member_id")
    member = gold.values_list("member_id", flat=True).first()
    if member is not None:
        propose_override(
            member,
            tiers["platinum"],
            starts_on=today + timedelta(days=1),
            ends_on=today + timedelta(days=1 + parameters.OVERRIDE_DAYS),
            reason="资金在途，约定三个月内补足 / Assets in transfer, agreed to follow within three months",
            maker=maker,
            now=now,
        )
    account = PointsAccount.objects.filter(programme=programme, balance__gt=0).order_by(
        "-balance", "member_id"
    )
    holder = account.values_list("member_id", flat=True).first()
    if holder is not None:
        adjustments.propose(
            programme.pk,
            holder,
            parameters.ADJUSTED,
            reason="活动积分漏发补记 / Points of a campaign that were not credited",
            maker=maker,
            now=now,
        )


def _propose_thresholds(
    programme: Programme, tiers: dict[str, Tier], maker: Staff, *, today: date, now: datetime
) -> None:
    base = latest_policy(programme.pk)
    assert base is not None  # set_up made it
    thresholds = [
        one | {"average": str(parameters.PROPOSED_GOLD)} if one["tier"] == tiers["gold"].pk else one
        for one in base.thresholds
    ]
    starts = today + timedelta(days=parameters.PROPOSED_AHEAD)
    values = {"thresholds": thresholds}
    asked = trial.request_trial(programme.pk, values, effective_from=starts, staff=maker, now=now)
    drain(lambda: now, [trial.KIND])
    propose(
        programme.pk,
        values,
        effective_from=starts,
        reason="黄金会员门槛随市场水平调整 / Gold threshold follows the market",
        maker=maker,
        trial=asked.pk,
        now=now,
    )
