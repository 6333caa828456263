"""The class and kind of every field of this app."""

from __future__ import annotations

from crm.staff.privacy.masking import Privacy
from members.profiles.privacy import FREE_TEXT, INTERNAL, TRAIT

_SENT = "member id kind key copy_version channel selection verdict_id"


def _all(kind: Privacy, names: str) -> dict[str, Privacy]:
    return dict.fromkeys(names.split(), kind)


CLASSES: dict[str, dict[str, Privacy]] = {
    "Verdict": _all(
        INTERNAL, "member id call copy_version template_hash channel selection outcome decided_at not_before"
    )
    | _all(TRAIT, "row reasons snapshot"),
    "Message": _all(
        INTERNAL,
        f"{_SENT} template_hash rendered_hash sent_verdict_id state queued_at not_before ended_at",
    )
    | _all(TRAIT, "reason")
    | _all(FREE_TEXT, "values"),
    "Deferral": _all(INTERNAL, f"{_SENT} created_at decide_at until ended_at result")
    | _all(FREE_TEXT, "values"),
}
