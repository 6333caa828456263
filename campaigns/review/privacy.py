"""The class and kind of every field of this app."""

from __future__ import annotations

from crm.staff.privacy.masking import Privacy
from members.profiles.privacy import FREE_TEXT, INTERNAL


def _all(kind: Privacy, names: str) -> dict[str, Privacy]:
    return dict.fromkeys(names.split(), kind)


CLASSES: dict[str, dict[str, Privacy]] = {
    "RulePack": _all(
        INTERNAL,
        "id name number version effective_from is_published extends severities content_hash base changes note"
        " maker approver request_id created_at",
    ),
    "PackRule": _all(INTERNAL, "id pack position code is_document content category severity"),
    "PackReading": _all(INTERNAL, "id pack kind position pattern"),
    "PackBasis": _all(
        INTERNAL,
        "id pack category position law article grade status in_force_from in_force_to last_checked"
        " checked_by",
    ),
    "PackExample": _all(INTERNAL, "id name category severity is_shipped created_at")
    | _all(FREE_TEXT, "text"),
    "PackDraft": _all(INTERNAL, "id name base changes effective_from revision edited_by edited_at"),
    "PackTrial": _all(
        INTERNAL,
        "id base changes content_hash requested_by requested_at item done total finished_at result",
    ),
}
