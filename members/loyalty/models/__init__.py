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
from members.loyalty.models.earning import (
    EarnMark,
    EarnRead,
    EarnRule,
    EarnRuleVersion,
    EarnTally,
    Expiry,
    PointsBudget,
)
from members.loyalty.models.effects import IncentiveEffect
from members.loyalty.models.incentives import Incentive, IncentiveKind, IncentiveVersion, Period, StepOrder
from members.loyalty.models.kept_rules import IncentiveDirty, IncentiveRead, KeptRule, RuleDue, RuleMatch
from members.loyalty.models.points import (
    EntryKind,
    LotUse,
    PointsAccount,
    PointsCohort,
    PointsEntry,
    PointsLot,
    PointsNotice,
)
from members.loyalty.models.programme import Programme, Tier
from members.loyalty.models.rewards import Reward, RewardVersion
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
    "Benefit",
    "BenefitKind",
    "BenefitPeriod",
    "BenefitQuota",
    "BenefitTrial",
    "BenefitUse",
    "BenefitVersion",
    "ChangeReason",
    "Downgrade",
    "EarnMark",
    "EarnRead",
    "EarnRule",
    "EarnRuleVersion",
    "EarnTally",
    "EntryKind",
    "Expiry",
    "Incentive",
    "IncentiveDirty",
    "IncentiveEffect",
    "IncentiveKind",
    "IncentiveRead",
    "IncentiveReward",
    "IncentiveVersion",
    "KeptRule",
    "LotUse",
    "Metric",
    "Period",
    "PointsAccount",
    "PointsBudget",
    "PointsCohort",
    "PointsEntry",
    "PointsLot",
    "PointsNotice",
    "Programme",
    "QuestProgress",
    "Review",
    "Reward",
    "RewardOutcome",
    "RewardVersion",
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
