"""Review: copy and its versions, findings, the archive of opinions; rule packs as they are published."""

from campaigns.review.models.archive import CheckedValue, Decision, Evidence, Opinion
from campaigns.review.models.claims import ReviewClaim
from campaigns.review.models.copy import (
    EDITABLE,
    FIGURES_DAYS,
    LONGEST_BODY,
    LONGEST_REASON,
    LONGEST_SUBJECT,
    MOST_APPROVED_DAYS,
    OPEN,
    Copy,
    CopyChannel,
    CopyLanguage,
    CopyPurpose,
    CopyState,
    CopyVersion,
    LapseReason,
    Theme,
)
from campaigns.review.models.findings import CopyFinding, FindingPart, FindingSeverity, WordingException
from campaigns.review.models.pack_drafts import PackDraft, PackRescan, PackTrial
from campaigns.review.models.rule_packs import (
    BasisStatus,
    PackBasis,
    PackExample,
    PackReading,
    PackRule,
    ReadingKind,
    RulePack,
)

__all__ = [
    "BasisStatus",
    "CheckedValue",
    "Copy",
    "CopyChannel",
    "CopyFinding",
    "CopyLanguage",
    "CopyPurpose",
    "CopyState",
    "CopyVersion",
    "Decision",
    "EDITABLE",
    "Evidence",
    "FIGURES_DAYS",
    "FindingPart",
    "FindingSeverity",
    "LONGEST_BODY",
    "LONGEST_REASON",
    "LONGEST_SUBJECT",
    "LapseReason",
    "MOST_APPROVED_DAYS",
    "OPEN",
    "Opinion",
    "PackBasis",
    "PackDraft",
    "PackExample",
    "PackReading",
    "PackRescan",
    "PackRule",
    "PackTrial",
    "ReadingKind",
    "ReviewClaim",
    "RulePack",
    "Theme",
    "WordingException",
]
