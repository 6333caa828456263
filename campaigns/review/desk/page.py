"""What an officer sees of one version: the text with its findings, what changed, what was decided before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from campaigns.review.desk.shown_findings import ShownFinding, marks_of, shown_findings
from campaigns.review.desk.similar import Similar, similar_opinions
from campaigns.review.models import (
    CopyState,
    CopyVersion,
    Evidence,
    FindingPart,
    Opinion,
    ReviewClaim,
)
from campaigns.review.text.difference import Change, difference, shortened
from campaigns.review.text.marked import Piece, pieces
from crm.staff.models import Request, RequestState, Staff

EXCEPTION = "review.exception"


@dataclass(frozen=True)
class VersionPage:
    """One version for one officer. `previous` is the last approved one of its channel and language.

    `claim` is a claim that holds now. `blocked_by` counts the findings that stand against an approval.
    """

    version: CopyVersion
    subject: Sequence[Piece]
    body: Sequence[Piece]
    findings: Sequence[ShownFinding]
    previous: CopyVersion | None
    changes: Sequence[Change]
    siblings: Sequence[CopyVersion]
    similar: Sequence[Similar]
    evidence: Sequence[Evidence]
    opinions: Sequence[Opinion]
    claim: ReviewClaim | None
    reader: Staff

    @property
    def is_own(self) -> bool:
        """Whether the reader wrote in it, and so may not decide."""
        return self.reader.pk in self.version.editors

    @property
    def is_open(self) -> bool:
        return self.version.state == CopyState.SUBMITTED

    @property
    def held_by_other(self) -> ReviewClaim | None:
        return self.claim if self.claim and self.claim.officer_id != self.reader.pk else None

    @property
    def is_mine(self) -> bool:
        return self.claim is not None and self.claim.officer_id == self.reader.pk

    @property
    def may_decide(self) -> bool:
        return self.is_open and not self.is_own and self.held_by_other is None

    @property
    def blocked_by(self) -> int:
        return sum(not one.is_settled for one in self.findings)

    @property
    def warnings(self) -> Sequence[ShownFinding]:
        return [one for one in self.findings if one.is_warning and not one.is_settled]

    @property
    def lacks(self) -> Sequence[ShownFinding]:
        """What the whole text lacks: it has no place in it."""
        return [one for one in self.findings if one.finding.part == FindingPart.WHOLE]


def version_page(version: CopyVersion, reader: Staff, now: datetime) -> VersionPage:
    """The page of a version that was read with `with_people`. Five queries."""
    found = list(version.findings.select_related("justified_by", "accepted_by", "exception__granted_by"))
    is_open = version.state == CopyState.SUBMITTED
    shown = shown_findings(found, reader, _pending(version) if is_open else ())
    siblings = list(
        CopyVersion.objects.filter(copy=version.copy_id).order_by("channel", "language", "-number")
    )
    previous = _last_approved(version, siblings)
    claim = getattr(version, "claim", None)
    return VersionPage(
        version,
        pieces(version.subject, marks_of(shown, FindingPart.SUBJECT)),
        pieces(version.body, marks_of(shown, FindingPart.BODY)),
        shown,
        previous,
        shortened(_changes(previous, version)) if previous else [],
        _latest(siblings),
        similar_opinions(version, (one.rule for one in found), now),
        list(version.evidence.select_related("uploaded_by")),
        [] if is_open else list(version.opinions.select_related("by").order_by("-at")),
        claim if claim and claim.until > now else None,
        reader,
    )


def _pending(version: CopyVersion) -> list[Request]:
    """The requests for an exception of this version that wait for a second officer."""
    rows = Request.objects.filter(kind=EXCEPTION, state=RequestState.PENDING, proposal__version=version.pk)
    return list(rows.select_related("maker"))


def _last_approved(version: CopyVersion, siblings: Sequence[CopyVersion]) -> CopyVersion | None:
    """The version of the same channel and language that was approved before this one, lapsed or not."""
    earlier = (
        one
        for one in siblings
        if (one.channel, one.language) == (version.channel, version.language)
        and one.number < version.number
        and one.expires_at is not None
    )
    return max(earlier, key=lambda one: one.number, default=None)


def _changes(previous: CopyVersion, version: CopyVersion) -> list[Change]:
    return difference(_whole(previous), _whole(version))


def _whole(version: CopyVersion) -> str:
    return f"{version.subject}\n{version.body}" if version.subject else version.body


def _latest(siblings: Sequence[CopyVersion]) -> list[CopyVersion]:
    """The newest version of each channel and language."""
    newest: dict[tuple[str, str], CopyVersion] = {}
    for one in siblings:
        newest.setdefault((one.channel, one.language), one)
    return list(newest.values())


def with_people(version_id: int) -> CopyVersion | None:
    """The version with its copy, product, people and claim. One query."""
    people = ("copy__product", "copy__owner", "maker", "last_editor", "submitted_by", "checker")
    claim = ("claim__officer", "claim__taken_from")
    return CopyVersion.objects.select_related(*people, *claim).filter(pk=version_id).first()
