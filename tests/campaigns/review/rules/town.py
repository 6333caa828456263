"""Rules of a house and drafts of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from campaigns.review.models import PackDraft
from campaigns.review.pack_changes.draft import latest_version
from crm.staff.models import Staff

NOW = datetime(2026, 11, 29, 4, tzinfo=UTC)  # the shipped packs are in effect
RULE: dict[str, Any] = {
    "id": "X01.house",
    "category": "guarantee",
    "severity": "block",
    "why_zh": "本机构不用“压舱石”。",
    "why_en": "Not used here.",
    "mend_zh": "删去。",
    "mend_en": "Remove.",
    "patterns": ["压舱石"],
}


def draft_of_rules(editor: Staff) -> str:
    """The name of a pack of which a draft with a new rule is open."""
    base = latest_version("cn")
    PackDraft.objects.create(
        name="cn",
        base=base,
        changes={"rules": {RULE["id"]: RULE}},
        effective_from=base.effective_from,
        edited_by=editor,
        edited_at=NOW,
    )
    return base.name
