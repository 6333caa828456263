"""The class and kind of every field of this app."""

from __future__ import annotations

from crm.staff.privacy.masking import Privacy
from members.profiles.privacy import FREE_TEXT, INTERNAL, NEVER


def _all(kind: Privacy, names: str) -> dict[str, Privacy]:
    return dict.fromkeys(names.split(), kind)


CLASSES: dict[str, dict[str, Privacy]] = {
    "Copy": _all(INTERNAL, "id code name name_en theme stages product purpose owner created_at"),
    "CopyVersion": _all(
        INTERNAL,
        "id copy number channel language based_on subject body variables figures_as_of figures_until"
        " template_hash state revision maker last_editor editors created_at edited_at pack_name pack_version"
        " checked_at sampled_revision submitted_by submitted_at deadline checker decided_at"
        " expires_at expiry_reason withdrawn_at lapsed_at lapse_reason",
    )
    | _all(NEVER, "samples"),  # with the text known, a hash would prove a name
    "CopyFinding": _all(
        INTERNAL,
        "id version revision part rule category severity start end text why basis mend is_evasion"
        " justified_by justified_at accepted_by accepted_at",
    )
    | _all(FREE_TEXT, "justification"),
    "WordingException": _all(
        INTERNAL, "id finding version rule text template_hash asked_by granted_by granted_at request_id"
    )
    | _all(FREE_TEXT, "reason"),
    "Opinion": _all(
        INTERNAL,
        "id version decision by at names template_hash pack_name pack_version product_risk"
        " expires_at expiry_reason",
    )
    | _all(FREE_TEXT, "reason findings")
    | _all(NEVER, "rendered"),
    "Evidence": _all(INTERNAL, "id version file content_type size sha256 uploaded_by uploaded_at")
    | _all(FREE_TEXT, "name note"),
    "CheckedValue": _all(INTERNAL, "id pack_name pack_version severity findings checked_at")
    | _all(NEVER, "value_hash"),
    "ReviewClaim": _all(INTERNAL, "version officer claimed_at until taken_from"),
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
    "PackRescan": _all(INTERNAL, "id name version content_hash ended_at read lapsed"),
    "PackTrial": _all(
        INTERNAL,
        "id base changes content_hash requested_by requested_at item done total finished_at result",
    ),
}
