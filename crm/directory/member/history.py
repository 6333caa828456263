"""The history of a member: stage changes, warnings, risk assessments, relationship managers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import DateField, Func
from django.utils.functional import Promise

from crm.directory.provenance import Origins
from crm.staff.models import Staff
from crm.staff.privacy.mask_levels import masked_value
from crm.web.components import Text
from members.lifecycle.models import Transition, Warning
from members.lifecycle.sentences.history import evidence_lines, transition_reason, warning_reason
from members.profiles.models import Book, RiskAssessment
from members.profiles.questionnaires.validity import end_of

SHOWN = 60  # rows of each kind


@dataclass(frozen=True)
class StageChange:
    """A transition; its texts are made on demand, since most pages show few."""

    row: Transition

    @property
    def why(self) -> str:
        """The reason as a sentence."""
        return transition_reason(self.row)

    @property
    def evidence(self) -> list[tuple[str | Promise, str]]:
        """The evidence, as known when the transition was recorded."""
        return evidence_lines(self.row.inputs)


@dataclass(frozen=True)
class ChurnWarning:
    """A churn warning with its reason."""

    row: Warning
    why: str

    @property
    def is_open(self) -> bool:
        return self.row.ended_at is None and self.row.superseded_at is None


@dataclass(frozen=True)
class Assessment:
    """A risk assessment, and the first day on which it is no longer valid."""

    assessed_on: date
    expires_on: date
    risk_class: str
    version: str
    origin: Text


@dataclass(frozen=True)
class Assignment:
    """A relationship manager of the member, until `ended_at` (None: still), the reason, and who assigned."""

    name: str
    started_at: datetime
    ended_at: datetime | None
    reason: str
    assigned_by: str


def stage_changes_of(member_id: int, now: datetime) -> list[StageChange]:
    """The latest transitions, superseded ones included. One query. Uses index: the key (member, id)."""
    rows = Transition.objects.filter(member=member_id, effective_at__lte=now)
    return [StageChange(row) for row in rows.order_by("-effective_at", "-id")[:SHOWN]]


def warnings_of(member_id: int, now: datetime, aum: Decimal | None) -> list[ChurnWarning]:
    """The latest warnings, newest first. One query."""
    rows = Warning.objects.filter(member=member_id, raised_at__lte=now).order_by("-raised_at", "-id")
    return explain_warnings(rows[:SHOWN], now, aum)


def explain_warnings(rows: Iterable[Warning], now: datetime, aum: Decimal | None) -> list[ChurnWarning]:
    """Warnings with their reasons; the open ones say how it is now."""
    found = []
    for row in rows:
        is_open = row.ended_at is None and row.superseded_at is None
        found.append(ChurnWarning(row, warning_reason(row, now, aum) if is_open else warning_reason(row)))
    return found


def assessments_of(member_id: int, origins: Origins) -> list[Assessment]:
    """The latest risk assessments. One query."""
    early = Func("member_id", "assessed_on", function="profiles_risk_ends_on", output_field=DateField())
    rows = RiskAssessment.objects.filter(member=member_id).annotate(ends_on=early)
    return [
        Assessment(
            row.assessed_on,
            end_of(row.assessed_on, row.ends_on),
            row.risk_class,
            row.questionnaire_version,
            origins.of(row.import_id),
        )
        for row in rows.order_by("-assessed_on")[:SHOWN]
    ]


def assignments_of(member_id: int, staff: Staff) -> list[Assignment]:
    """The relationship managers, the current one first; reasons are masked as free text. One query."""
    rows = Book.objects.filter(member=member_id).select_related("staff", "assigned_by")
    return [
        Assignment(
            str(row.staff),
            row.started_at,
            row.ended_at,
            masked_value("text", row.reason, staff),
            str(row.assigned_by or ""),
        )
        for row in rows.order_by("-started_at")[:SHOWN]
    ]
