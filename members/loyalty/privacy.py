"""The class and kind of every field of this app."""

from __future__ import annotations

from crm.staff.privacy.masking import Privacy
from members.profiles.privacy import FREE_TEXT, INTERNAL, MONEY


def _all(kind: Privacy, names: str) -> dict[str, Privacy]:
    return dict.fromkeys(names.split(), kind)


CLASSES: dict[str, dict[str, Privacy]] = {
    "Programme": _all(INTERNAL, "id code name name_en is_main made_at"),
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
        "member programme tier earned since protected_until pending pending_on falls_on falls_to noticed_on"
        " policy_version evaluated_on due_on",
    )
    | _all(MONEY, "aum_low aum_high metrics"),
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
}
