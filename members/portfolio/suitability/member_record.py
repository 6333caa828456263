"""What is on record about a member's suitability: statuses and decisions on purchases, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from crm.runtime.clock import day_of
from crm.staff.models import Staff
from crm.staff.privacy.mask_levels import MaskLevel, mask_level
from members.portfolio.models import InvestorStatus, PurchaseDecision, Status
from members.portfolio.suitability.change.status import Basis
from members.portfolio.suitability.record_purchase import Step
from members.portfolio.suitability.sentences.reasons import PURCHASE_OUTCOMES, purchase_reason_text
from members.portfolio.suitability.sentences.requests import BASES
from members.portfolio.suitability.sentences.steps import STEPS
from members.portfolio.suitability.tables.facts import Outcome

LATEST = 20
_TONES = {
    Outcome.ALLOW: "good",
    Outcome.CARE: "warn",
    Outcome.CONFIRM: "warn",
    Outcome.PROCEDURE: "warn",
    Outcome.FORBID: "bad",
}


@dataclass(frozen=True)
class ShownStatus:
    row: InvestorStatus
    label: str | Promise
    condition: str | Promise
    is_current: bool


@dataclass(frozen=True)
class ShownDecision:
    row: PurchaseDecision
    outcome: str | Promise
    tone: str
    reasons: list[str]
    steps: list[str]


def statuses_of(member_id: int, now: datetime) -> list[ShownStatus]:
    """The verified statuses of a member, the latest first. One query."""
    rows = InvestorStatus.objects.filter(member_id=member_id).order_by("-verified_on", "-request_id")
    return shown_statuses(rows, now)


def shown_statuses(rows: Iterable[InvestorStatus], now: datetime) -> list[ShownStatus]:
    """These statuses in words, and whether they hold."""
    today = day_of(now)
    return [
        ShownStatus(
            row,
            Status(row.status).label,
            BASES[Basis(row.basis)],
            row.verified_on <= today < min(row.valid_until, row.ended_on or row.valid_until),
        )
        for row in rows
    ]


def decisions_of(member_id: int, reader: Staff) -> list[ShownDecision]:
    """The latest decisions on purchases of a member whom the reader sees, the latest first. One query."""
    shows_age = mask_level("birth_date", reader) is not MaskLevel.HIDDEN
    rows = PurchaseDecision.objects.visible_to(reader).filter(member_id=member_id)
    return [
        ShownDecision(
            row,
            PURCHASE_OUTCOMES[Outcome(row.outcome)],
            _TONES[Outcome(row.outcome)],
            [purchase_reason_text(reason, shows_age=shows_age) for reason in row.reasons],
            [str(STEPS[Step(step)]) for step in row.steps],
        )
        for row in rows.select_related("product", "staff").order_by("-at")[:LATEST]
    ]
