"""The class and kind of every field of this app."""

from __future__ import annotations

from crm.staff.privacy.masking import Privacy
from members.profiles.privacy import FREE_TEXT, INTERNAL, MONEY, OUTSIDE_ID, TRAIT


def _all(kind: Privacy, names: str) -> dict[str, Privacy]:
    return dict.fromkeys(names.split(), kind)


CLASSES: dict[str, dict[str, Privacy]] = {
    "Programme": _all(INTERNAL, "id code name name_en is_main made_at"),
    "LoyaltyCount": _all(INTERNAL, "id programme counted month key other count amount is_total"),
    "Tier": _all(INTERNAL, "id programme rank code name name_en"),
    "TierPolicy": _all(
        INTERNAL,
        "id programme version effective_from metric review upgrade downgrade window_days grace_days"
        " protect_days notice_days thresholds note request_id created_at",
    ),
    "TierOverride": _all(INTERNAL, "member id programme tier starts_on ends_on request_id made_at")
    | _all(FREE_TEXT, "reason"),
    "TierStanding": _all(
        INTERNAL,
        "member programme tier earned since protected_until steps_from pending pending_on falls_on falls_to"
        " noticed_on policy_version evaluated_on due_on",
    )
    | _all(MONEY, "aum_low aum_high metrics pending_inputs"),
    "TierChange": _all(
        INTERNAL,
        "member id programme from_tier to_tier effective_at recorded_at reason policy_version superseded_at",
    )
    | _all(MONEY, "inputs"),
    "TierDirty": _all(INTERNAL, "id member_id programme_id since_day"),
    "TierSweep": _all(INTERNAL, "id programme day done_to ended_at"),
    "TierTrial": _all(
        INTERNAL,
        "id programme base_version values requested_by requested_at item done total finished_at failed",
    )
    | _all(MONEY, "result"),
    "Incentive": _all(INTERNAL, "id programme kind code made_at"),
    "IncentiveVersion": _all(
        INTERNAL,
        "id incentive number effective_from is_active name name_en rule period steps step_order limit_days"
        " points budget from_stage to_stage effect_days request_id made_at",
    ),
    "BadgeAward": _all(
        INTERNAL, "member id incentive version period at brought_by recorded_at superseded_at reason"
    ),
    "QuestProgress": _all(
        INTERNAL,
        "member id incentive version started_at ends_at earned_at completed_at recorded_at superseded_at"
        " reason",
    ),
    "StepDone": _all(INTERNAL, "member id version position at brought_by recorded_at superseded_at reason"),
    "IncentiveReward": _all(INTERNAL, "member id version earned points at outcome recorded_at"),
    "KeptRule": _all(INTERNAL, "id version position starts_at ends_at computed_at writers failure failed_at"),
    "IncentiveEffect": _all(
        INTERNAL,
        "incentive version_number from_stage to_stage effect_days computed_at strata stays",
    ),
    "IncentiveRead": _all(INTERNAL, "id rule table_name"),
    "IncentiveDirty": _all(INTERNAL, "id member_id source at day"),
    "RuleMatch": _all(INTERNAL, "member rule since"),
    "RuleDue": _all(INTERNAL, "member rule due_at"),
    "Benefit": _all(INTERNAL, "id programme code"),
    "BenefitVersion": _all(
        INTERNAL,
        "id benefit number effective_from name name_en kind period cost supplier is_shared manager_hours"
        " approval_above valid_from valid_until note request_id created_at",
    ),
    "BenefitQuota": _all(INTERNAL, "id version tier quota"),
    "BenefitTrial": _all(
        INTERNAL,
        "id programme content base requested_by requested_at item done total finished_at result",
    ),
    "BenefitUse": _all(
        INTERNAL,
        "member id version household_id key recorded_at recorded_by source request_id undone_at undone_by"
        " undone_source",
    )
    | _all(TRAIT, "benefit tier at day")
    | _all(MONEY, "cost")
    | _all(OUTSIDE_ID, "reference"),
    "PointsEntry": _all(
        INTERNAL,
        "id member programme kind points debt at counts_from recorded_at key reason of_entry rule_version_id"
        " source_row reward_version_id quantity request_id",
    )
    | _all(MONEY, "amount"),
    "PointsLot": _all(
        INTERNAL, "id member programme points remaining pending available_from expires_at restored_at"
    ),
    "LotUse": _all(INTERNAL, "member entry_id lot_id points"),
    "PointsAccount": _all(INTERNAL, "member programme balance pending debt due_at"),
    "PointsNotice": _all(INTERNAL, "member programme lapses_on points at"),
    "PointsCohort": _all(
        INTERNAL,
        "id programme as_of month issued redeemed lapsed taken_back outstanding value expected",
    ),
    "EarnRule": _all(INTERNAL, "id programme code name name_en"),
    "EarnRuleVersion": _all(
        INTERNAL,
        "id rule version effective_from is_active activity where member_rule points per unit multipliers"
        " cap_day cap_month pending_days expiry expiry_months grace_days budget request_id made_at",
    ),
    "PointsBudget": _all(INTERNAL, "id programme effective_from points request_id"),
    "EarnTally": _all(INTERNAL, "rule granted skipped stopped_at"),
    "EarnRead": _all(INTERNAL, "id rule table_name"),
    "EarnMark": _all(INTERNAL, "id member_id source since"),
    "Reward": _all(INTERNAL, "id programme code name name_en stock"),
    "RewardVersion": _all(
        INTERNAL,
        "id reward version effective_from is_active points cost value stock_added request_id made_at",
    ),
}
