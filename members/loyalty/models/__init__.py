"""Loyalty: programmes and tiers, benefits, points, badges and quests."""

from members.loyalty.models.benefit_trial import BenefitTrial
from members.loyalty.models.benefit_use import BenefitUse
from members.loyalty.models.benefits import (
    Benefit,
    BenefitKind,
    BenefitPeriod,
    BenefitQuota,
    BenefitVersion,
)
from members.loyalty.models.earned import (
    BadgeAward,
    IncentiveReward,
    QuestProgress,
    RewardOutcome,
    StepDone,
    Superseding,
)
from members.loyalty.models.incentives import Incentive, IncentiveKind, IncentiveVersion, Period, StepOrder
from members.loyalty.models.kept_rules import IncentiveDirty, IncentiveRead, KeptRule, RuleDue, RuleMatch
from members.loyalty.models.programme import Programme, Tier
from members.loyalty.models.tiers import (
    ChangeReason,
    Downgrade,
    Metric,
    Review,
    TierChange,
    TierDirty,
    TierOverride,
    TierPolicy,
    TierStanding,
    TierSweep,
    TierTrial,
    Upgrade,
)

__all__ = [
    "BadgeAward",
    "ChangeReason",
    "Downgrade",
    "Incentive",
    "IncentiveDirty",
    "IncentiveKind",
    "IncentiveRead",
    "IncentiveReward",
    "IncentiveVersion",
    "KeptRule",
    "Metric",
    "Period",
    "Benefit",
    "BenefitKind",
    "BenefitPeriod",
    "BenefitQuota",
    "BenefitTrial",
    "BenefitUse",
    "BenefitVersion",
    "Programme",
    "QuestProgress",
    "Review",
    "RewardOutcome",
    "RuleDue",
    "RuleMatch",
    "StepDone",
    "StepOrder",
    "Superseding",
    "Tier",
    "TierChange",
    "TierDirty",
    "TierOverride",
    "TierPolicy",
    "TierStanding",
    "TierSweep",
    "TierTrial",
    "Upgrade",
]
