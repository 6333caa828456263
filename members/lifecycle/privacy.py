"""The class and kind of every field of this app (see members.profiles.privacy).

What a stage is made of are the member's finances; where the member stands is our own judgement.
"""

from __future__ import annotations

from crm.staff.privacy.masking import Privacy
from members.profiles.privacy import INTERNAL, MONEY


def _all(privacy: Privacy, names: str) -> dict[str, Privacy]:
    return dict.fromkeys(names.split(), privacy)


CLASSES: dict[str, dict[str, Privacy]] = {
    "Policy": _all(
        INTERNAL,
        "version effective_from stalled_days warn_idle_days warn_term_days warn_floor"
        " idle_days dormant_days churned_days fall_window_days warn_fall_share fall_share fall_floor"
        " fall_recovery_share fall_memory_days payout_grace_days signal_days mature_aum mature_days"
        " mature_tenure_days empty_aum note request_id base_version created_at",
    ),
    "WithdrawnPolicy": _all(INTERNAL, "version effective_from values note withdrawn_at request_id"),
    "Standing": _all(
        INTERNAL,
        "member stage sub_state rules warnings since policy_version evaluated_at evaluated_on"
        " recorded_from due_at due_on",
    )
    | _all(
        MONEY,
        "aum_low aum_high aum aum_on first_invested_at last_trade_at last_login_at peak_aum"
        " steady_since closing_at complaint_at",
    ),
    "Dirty": _all(INTERNAL, "id member_id since until since_day until_day"),
    "EvaluationFailure": _all(
        INTERNAL, "member code sqlstate policy_version since until failed_at tried_at attempts"
    ),
    "Transition": _all(
        INTERNAL,
        "member id effective_at recorded_at from_stage from_sub_state to_stage to_sub_state won_back settled"
        " policy_version dwell superseded_at",
    )
    | _all(MONEY, "inputs"),
    "Warning": _all(INTERNAL, "member id kind raised_at recorded_at policy_version ended_at superseded_at")
    | _all(MONEY, "evidence"),
    "PolicyTrial": _all(
        INTERNAL,
        "id policy base_version values effective_from requested_by requested_at outcome item started_at done"
        " total failure finished_at",
    )
    | _all(MONEY, "result"),
    "NewNormal": _all(INTERNAL, "member id at reason recorded_by") | _all(MONEY, "aum peak_aum"),
    "StageCount": _all(INTERNAL, "id stage sub_state members is_total"),
    "TransitionCount": _all(
        INTERNAL, "id day from_stage from_sub_state to_stage to_sub_state won_back members is_total"
    ),
}
