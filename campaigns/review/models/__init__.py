"""Review: rule packs as they are published, drafted and tried."""

from campaigns.review.models.pack_drafts import PackDraft, PackTrial
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
    "PackBasis",
    "PackDraft",
    "PackExample",
    "PackReading",
    "PackRule",
    "PackTrial",
    "ReadingKind",
    "RulePack",
]
