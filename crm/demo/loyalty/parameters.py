"""Every number of the demonstration's loyalty programme. Money is yuan, spans are days, all of it is assumed.

Days count back from the demonstration's last day.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from members.loyalty.incentives.configure import Draft, Step
from members.loyalty.models import Expiry, IncentiveKind, StepOrder
from members.loyalty.models import Period as Awarded
from members.loyalty.points.configuration.earn_rule_draft import EarnRuleDraft
from members.loyalty.points.configuration.rewards import RewardDraft

BEGAN = 730  # the programme
PROGRAMME = ("perennial", "长青会员计划", "Perennial Rewards")

# (code, name, English name, monthly average AUM); about one registered member in eleven is above the lowest.
TIERS = (
    ("member", "普通会员", "Member", None),
    ("gold", "黄金会员", "Gold", 50_000),
    ("platinum", "铂金会员", "Platinum", 200_000),
    ("diamond", "钻石会员", "Diamond", 1_000_000),
)
POLICY: dict[str, Any] = {
    "metric": "average",
    "review": "month_end",
    "upgrade": "at_review",
    "downgrade": "one_step",
    "grace_days": 30,
    "protect_days": 90,
    "notice_days": 14,
}
PROPOSED_GOLD = 80_000  # in the proposal that awaits approval
PROPOSED_AHEAD = 14  # when it would start

MULTIPLIERS = {"gold": "1.2", "platinum": "1.5", "diamond": "2"}
# (code, name, English name, what it says)
EARN_RULES = (
    (
        "assessment",
        "完成风险测评",
        "Risk assessment completed",
        EarnRuleDraft("risk_assessment", 200, Expiry.YEAR_END, grace_days=90),
    ),
    (
        "long_term",
        "长期持有（按分红）",
        "Long-term holding (by dividends)",
        EarnRuleDraft(
            "transaction",
            5,
            Expiry.YEAR_END,
            where=[{"property": "kind", "op": "=", "value": "dividend"}],
            per="amount",
            unit="10",
            multipliers=MULTIPLIERS,
            cap_day=2_000,
            cap_month=6_000,
            pending_days=15,
            grace_days=90,
        ),
    ),
    (
        "task",
        "完成平台任务",
        "Platform task completed",
        EarnRuleDraft(
            "event",
            30,
            Expiry.ROLLING,
            where=[{"property": "name", "op": "=", "value": "task"}],
            cap_day=60,
            expiry_months=12,
        ),
    ),
    (
        "investor_school",
        "投资者课堂（限量活动）",
        "Investor school (limited offer)",
        EarnRuleDraft(
            "event",
            20,
            Expiry.ROLLING,
            where=[{"property": "name", "op": "=", "value": "page"}],
            cap_day=20,
            expiry_months=6,
            budget=30_000,
        ),
    ),
)
BUDGET = 50_000_000  # points of the whole programme

# (code, name, English name, what it says)
REWARDS = (
    ("tree", "公益植树一棵", "Tree planted", RewardDraft(300, "10", "20")),
    ("tea", "明前龙井礼盒", "Longjing tea box", RewardDraft(1_200, "88", "128", 200)),
    ("audit", "年度资产配置报告", "Annual allocation report", RewardDraft(800, "30", "99")),
    ("umbrella", "长青晴雨伞", "Perennial umbrella", RewardDraft(500, "35", "59", 40)),
)
REDEEMERS = 0.35  # share of those with enough points who redeem, each time
PARTS = 4  # of the programme's life, at whose ends members redeem

CORRECTED_WITHIN = timedelta(days=120)  # how long ago the points were credited that are taken back

_HAS_ASSESSMENT = {"did": "risk_assessment"}
_HAS_BOUGHT = {"did": "transaction", "where": [{"property": "kind", "op": "=", "value": "buy"}]}
_HAS_PLAN = {"field": "has_plan", "op": "is", "value": True}


# Badges and the three quests: newcomer, growth, maturity. Values of a Draft.
INCENTIVES: tuple[dict[str, Any], ...] = (
    {
        "kind": IncentiveKind.BADGE,
        "code": "steady_saver",
        "name": "定投达人",
        "name_en": "Steady saver",
        "rule": _HAS_PLAN,
        "from_stage": "growth",
        "to_stage": "maturity",
    },
    {
        "kind": IncentiveKind.BADGE,
        "code": "regular_visitor",
        "name": "常来看看",
        "name_en": "Regular visitor",
        "rule": {
            "did": "login",
            "times": {"op": ">=", "value": 8},
            "period": {"within_last": {"days": 30}},
        },
        "period": Awarded.QUARTER,
        "from_stage": "activation",
        "to_stage": "growth",
    },
    {
        "kind": IncentiveKind.QUEST,
        "code": "newcomer",
        "name": "新手启航",
        "name_en": "First steps",
        "rule": {"field": "registered_at", "op": "within_last", "value": {"days": 90}},
        "steps": (
            Step("完成风险测评", _HAS_ASSESSMENT, "Complete the risk assessment"),
            Step("首次投资", _HAS_BOUGHT, "Make a first investment", rewarded=False),
            Step("设立定投计划", _HAS_PLAN, "Start a savings plan", rewarded=False),
        ),
        "step_order": StepOrder.FREE,
        "limit_days": 90,
        "points": 300,
        "budget": 600_000,
        "from_stage": "activation",
        "to_stage": "growth",
    },
    {
        "kind": IncentiveKind.QUEST,
        "code": "keep_growing",
        "name": "成长进阶",
        "name_en": "Keep growing",
        "rule": {"field": "registered_at", "op": "more_than_ago", "value": {"days": 90}},
        "steps": (
            Step(
                "三个月内登录十二次",
                {
                    "did": "login",
                    "times": {"op": ">=", "value": 12},
                    "period": {"within_last": {"days": 90}},
                },
                "Visit twelve times in three months",
            ),
            Step("定投满三个月", _HAS_PLAN, "Save for three months", rewarded=False),
        ),
        "step_order": StepOrder.FIXED,
        "limit_days": 180,
        "points": 200,
        "from_stage": "growth",
        "to_stage": "maturity",
    },
    {
        "kind": IncentiveKind.QUEST,
        "code": "all_round",
        "name": "全面配置",
        "name_en": "All-round portfolio",
        "rule": {"field": "stage", "op": "in", "value": ["growth", "maturity"]},
        "steps": (
            Step("完成风险测评", _HAS_ASSESSMENT, "Complete the risk assessment", rewarded=False),
            Step(
                "持有三类产品",
                {"field": "product_count", "op": ">=", "value": 3},
                "Hold three kinds of product",
                rewarded=False,
            ),
        ),
        "limit_days": 365,
        "from_stage": "growth",
        "to_stage": "maturity",
    },
)


ADJUSTED = 500  # points of the adjustment that awaits approval
OVERRIDE_DAYS = 90


def incentives(programme: int) -> tuple[Draft, ...]:
    """The badges and quests of this programme."""
    return tuple(Draft(programme_id=programme, **one) for one in INCENTIVES)
