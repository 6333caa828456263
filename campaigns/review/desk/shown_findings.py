"""The findings of a version as the page shows them: numbered as they are read, and where each stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language

from campaigns.review.desk.sentences.categories import category_label
from campaigns.review.models import CopyFinding, FindingPart, FindingSeverity
from campaigns.review.text.marked import Mark
from crm.runtime.extension.labels import Label
from crm.staff.models import Request, Staff

_ORDER = {FindingPart.SUBJECT: 0, FindingPart.BODY: 1, FindingPart.WHOLE: 2}


@dataclass(frozen=True)
class ShownFinding:
    """One finding for one reader, in the reader's language.

    `is_settled`: it no longer stands against an approval by this reader. `request` is a pending one for an
    exception.
    """

    number: int
    finding: CopyFinding
    label: Label | str
    why: str
    basis: str
    mend: str
    is_settled: bool
    request: Request | None = None

    @property
    def is_warning(self) -> bool:
        return self.finding.severity == FindingSeverity.WARN

    @property
    def is_excepted(self) -> bool:
        return hasattr(self.finding, "exception")

    @property
    def is_in_text(self) -> bool:
        return self.finding.part in (FindingPart.SUBJECT, FindingPart.BODY)

    @property
    def mark(self) -> Mark:
        return Mark(self.number, self.finding.severity, self.finding.start, self.finding.end)


def shown_findings(
    findings: Iterable[CopyFinding], reader: Staff, requests: Sequence[Request]
) -> list[ShownFinding]:
    """The findings in reading order: the subject's, the text's, then what the whole text lacks."""
    language = "zh" if (get_language() or "").startswith("zh") else "en"
    pending = {str(request.proposal.get("finding")): request for request in requests}
    ordered = sorted(findings, key=lambda one: (_ORDER[FindingPart(one.part)], one.start, one.end, one.pk))
    return [
        ShownFinding(
            number,
            finding,
            category_label(finding.category),
            finding.why.get(language, ""),
            finding.basis.get(language, ""),
            finding.mend.get(language, ""),
            _is_settled(finding, reader),
            pending.get(str(finding.pk)),
        )
        for number, finding in enumerate(ordered, 1)
    ]


def marks_of(found: Sequence[ShownFinding], part: str) -> list[Mark]:
    """The marks on one part of the text."""
    return [one.mark for one in found if one.finding.part == part]


def _is_settled(finding: CopyFinding, reader: Staff) -> bool:
    """As review_open_findings in the database says it."""
    exception = getattr(finding, "exception", None)
    if exception is not None and exception.granted_by_id != reader.pk:
        return True
    return (
        finding.severity == FindingSeverity.WARN
        and bool(finding.justification)
        and finding.accepted_by_id == reader.pk
    )
