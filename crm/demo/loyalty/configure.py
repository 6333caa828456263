"""Set up the programme as its makers and checkers would have: proposed by one, approved by another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from crm.demo.loyalty import parameters
from crm.runtime.clock import day_start
from crm.staff.four_eyes.requests import approve
from crm.staff.models import Request, Staff
from members.loyalty.incentives import configure
from members.loyalty.models import Programme, Tier
from members.loyalty.points.configuration import budget, earn_rules, rewards
from members.loyalty.tiers.policy.propose import create_first_policy

REASON = "会员体系启动方案 / Launch of the loyalty programme"
AGREED = "同意 / Agreed"


def set_up(maker: Staff, checker: Staff, *, today: date) -> Programme:
    """The programme with its tiers, rules, rewards, badges and quests, as of the day it began."""
    began = today - timedelta(days=parameters.BEGAN)
    at = day_start(began)
    code, name, english = parameters.PROGRAMME
    programme = Programme.objects.create(code=code, name=name, name_en=english, is_main=True, made_at=at)
    _set_tiers(programme, began)

    def agreed(ask: Callable[..., Request], *given: object, **named: object) -> None:
        request = ask(*given, reason=REASON, maker=maker, now=at, **named)
        approve(request_id=request.pk, checker=checker, opinion=AGREED, now=at)

    for rule, label, label_en, draft in parameters.EARN_RULES:
        agreed(earn_rules.propose, programme, rule, draft, name=label, name_en=label_en, effective_from=at)
    agreed(budget.propose, programme, parameters.BUDGET, effective_from=at)
    for reward, label, label_en, values in parameters.REWARDS:
        agreed(rewards.propose, programme, reward, values, name=label, name_en=label_en, effective_from=at)
    for incentive in parameters.incentives(programme.pk):
        agreed(configure.propose, incentive, effective_on=began)
    return programme


def _set_tiers(programme: Programme, began: date) -> None:
    tiers = [
        Tier.objects.create(programme=programme, rank=rank, code=code, name=name, name_en=english)
        for rank, (code, name, english, _asked) in enumerate(parameters.TIERS)
    ]
    thresholds = [
        {"tier": tier.pk, "average": asked}
        for tier, (*_names, asked) in zip(tiers, parameters.TIERS, strict=True)
        if asked is not None
    ]
    create_first_policy(programme.pk, parameters.POLICY | {"thresholds": thresholds}, effective_from=began)
