"""Live the life of each piece of copy: written, checked, answered, submitted, decided, by those who would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from campaigns.review.copy import decide, exceptions, lapse, submit, withdraw, write
from campaigns.review.copy.check import check_version
from campaigns.review.copy.rendering.samples import sample_version
from campaigns.review.models import Copy, CopyState, CopyVersion, FindingSeverity
from crm.demo.copy.pieces import Piece, Text, read_pieces
from crm.runtime.clock import day_of
from crm.staff.four_eyes import requests
from crm.staff.models import Staff
from members.portfolio.models import Product

MAKERS = ("operations1", "operations2", "lead1")
OFFICERS = ("compliance1", "compliance2")
AGREED = "文案与规则、产品资料一致，同意使用 / Agrees with the rules and the product's documents"
GRANTED = "同意：此处不构成违规 / Agreed: no violation here"
OLDEST, STEP = 80, 7  # days: decisions are spread over as many, so far apart
WRITTEN, REVIEWED = timedelta(hours=5), timedelta(hours=9)  # before submission, before the decision


class Life:
    """One piece: its maker, the officer who decides and the one who grants exceptions."""

    def __init__(self, piece: Piece, place: int, staff: Mapping[str, Staff], now: datetime) -> None:
        self.piece, self.now = piece, now
        self.maker = staff[MAKERS[place % len(MAKERS)]]
        self.officer = staff[OFFICERS[place % len(OFFICERS)]]
        self.other = staff[OFFICERS[(place + 1) % len(OFFICERS)]]
        self.decided_at = now - timedelta(days=3 + place * STEP % OLDEST, hours=place % 7)

    def live(self, products: Mapping[str, Product]) -> int:
        """The copy with all its versions; returns their number."""
        about = write.About(
            self.piece.code,
            self.piece.name,
            self.piece.theme,
            self.piece.stages,
            self.piece.purpose,
            products[self.piece.product] if self.piece.product else None,
            self.piece.name_en,
        )
        began = self.now - timedelta(days=OLDEST + 10)
        copy = write.create_copy(about, maker=self.maker, now=began)
        for text in self.piece.texts:
            if text.before:
                self._approve(self._submitted(copy, text, self.decided_at - REVIEWED, body=text.before), text)
            self._lead_on(copy, text)
        return copy.versions.count()

    def _lead_on(self, copy: Copy, text: Text) -> None:
        """The text as far as its state says."""
        if text.state in (CopyState.DRAFT, CopyState.CHECKED):
            version = self._write(copy, text, self.now - timedelta(hours=20), text.body)
            if text.state == CopyState.CHECKED:
                check_version(version.pk, staff=self.maker, now=self.now - timedelta(hours=19))
            return
        if text.state == CopyState.SUBMITTED:
            version = self._submitted(copy, text, self.now - timedelta(hours=text.hours_ago))
            if text.exception:
                self._ask(version, text, self.now - timedelta(hours=1))
            return
        version = self._submitted(copy, text, self.decided_at - REVIEWED)
        if text.state in (CopyState.RETURNED, CopyState.REJECTED):
            verb = decide.return_to_maker if text.state == CopyState.RETURNED else decide.reject
            verb(
                version.pk,
                template_hash=version.template_hash,
                officer=self.officer,
                reason=text.reason,
                now=self.decided_at,
            )
            return
        self._approve(version, text)
        if text.state == CopyState.WITHDRAWN:
            withdrawn_at = self.decided_at + timedelta(days=2)
            withdraw.withdraw(version.pk, staff=self.maker, reason=text.reason, now=withdrawn_at)

    def _write(self, copy: Copy, text: Text, at: datetime, body: str) -> CopyVersion:
        since = until = None
        if text.figures_days_ago:
            since = day_of(at) - timedelta(days=text.figures_days_ago)
            until = day_of(self.now) + timedelta(days=-1 if text.lapses else 40)
        said = write.Text(text.channel, text.language, body, text.subject, text.declared, since, until)
        return write.create_version(copy, said, maker=self.maker, now=at)

    def _submitted(self, copy: Copy, text: Text, at: datetime, body: str = "") -> CopyVersion:
        version = self._write(copy, text, at - WRITTEN, body or text.body)
        check_version(version.pk, staff=self.maker, now=at - WRITTEN)
        for finding in version.findings.all():
            submit.justify(finding.pk, text.justify, staff=self.maker, now=at - WRITTEN)
        sample_version(version.pk, staff=self.maker, now=at)
        submitted = submit.submit(version.pk, staff=self.maker, now=at)
        return CopyVersion.objects.get(pk=submitted.pk)

    def _approve(self, version: CopyVersion, text: Text) -> None:
        at = self.decided_at
        for finding in version.findings.filter(severity=FindingSeverity.WARN):
            decide.accept(finding.pk, officer=self.officer, now=at)
        for request_id in self._ask(version, text, at - timedelta(hours=2)):
            granted = at - timedelta(hours=1)
            requests.approve(request_id=request_id, checker=self.other, opinion=GRANTED, now=granted)
        days = (self.now - at).days + text.expires_in_days if text.expires_in_days else decide.APPROVED_DAYS
        decide.approve(
            version.pk,
            template_hash=version.template_hash,
            officer=self.officer,
            reason=text.reason if text.state == CopyState.APPROVED and text.reason else AGREED,
            now=at,
            days=days,
        )

    def _ask(self, version: CopyVersion, text: Text, at: datetime) -> list[int]:
        """Ask for an exception for whatever is more than a warning; the ids of the requests."""
        serious = version.findings.exclude(severity=FindingSeverity.WARN)
        return [
            exceptions.ask(one.pk, officer=self.officer, reason=text.exception, now=at).pk for one in serious
        ]


def create_copy(staff: Sequence[Staff], *, now: datetime) -> tuple[int, int]:
    """Every piece with its versions as of `now`; returns how many copies and versions."""
    by_name = {one.username: one for one in staff}
    products = {one.code: one for one in Product.objects.all()}
    pieces = read_pieces()
    versions = sum(Life(piece, place, by_name, now).live(products) for place, piece in enumerate(pieces))
    lapse.lapse_due(now)
    return len(pieces), versions
