"""Targets of KPIs: set, undo and look up; each keeps who set it, when, why and its effective date."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import connection, transaction

from crm.insights.kpis.definition import Unit
from crm.insights.kpis.registry import BY_CODE
from crm.insights.models import KpiTarget, Scope
from crm.insights.permissions import SET_TARGETS
from crm.staff.models import Staff
from crm.staff.permissions import require
from crm.staff.privacy.access_log import clean_reason

BIGGEST = Decimal(10) ** 12


class BadTarget(ValueError):
    """An unknown KPI or a value out of its range; the message names the KPI."""


class CannotUndo(ValueError):
    """Another target has been set since."""


def set_target(
    *,
    kpi: str,
    value: Decimal | None,
    effective_from: date,
    reason: str,
    staff: Staff,
    now: datetime,
    scope: str = Scope.ALL,
    scope_id: int = 0,
) -> KpiTarget:
    """Set the target of a KPI in one scope from a platform day on; None removes it. The history is kept.

    A target judges the values of its own scope only: that of the company no team and no book. `value` is a
    fraction, money, days or times, as the KPI is. Raises NotAllowed, ReasonMissing, and BadTarget on an
    unknown KPI, a scope that it has no values for, or a value out of its range.
    """
    require(staff, SET_TARGETS)
    known = BY_CODE.get(kpi)
    if known is None:
        raise BadTarget(f"no such KPI: {kpi!r}")
    if not known.has(scope):
        raise BadTarget(f"{kpi}: no values for {scope}")
    highest = Decimal(1) if known.unit == Unit.SHARE else BIGGEST
    lowest = -BIGGEST if known.is_total else Decimal(0)
    if value is not None and not lowest <= value <= highest:
        raise BadTarget(f"{kpi}: a target from {lowest} to {highest}, not {value}")
    words = clean_reason(reason)[:300]
    with transaction.atomic():
        _one_at_a_time(kpi)
        return KpiTarget.objects.create(
            kpi=kpi,
            scope=scope,
            scope_id=scope_id,
            value=value,
            effective_from=effective_from,
            set_by=staff,
            set_at=now,
            reason=words,
        )


def _one_at_a_time(kpi: str) -> None:
    """Lock this KPI's targets until the transaction ends; rows that nobody may update take no lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('kpi target ' || %s, 0))", [kpi])


def undo_target(*, kpi: str, target_id: int, staff: Staff, now: datetime) -> KpiTarget:
    """Set again, from the same day on, the target before one's own; the history keeps both.

    Raises NotAllowed, KpiTarget.DoesNotExist where this person has set no such target, and CannotUndo where
    another has been set since, as by undoing it before.
    """
    require(staff, SET_TARGETS)
    with transaction.atomic():
        _one_at_a_time(kpi)
        undone = KpiTarget.objects.get(kpi=kpi, pk=target_id, set_by=staff)
        targets = list(KpiTarget.objects.filter(kpi=kpi, scope=undone.scope, scope_id=undone.scope_id))
        if any(target.pk > undone.pk for target in targets):
            raise CannotUndo(f"{kpi}: target {target_id} is not the last one")
        targets.remove(undone)
        return KpiTarget.objects.create(
            kpi=kpi,
            scope=undone.scope,
            scope_id=undone.scope_id,
            value=target_on(targets, undone.effective_from),
            effective_from=undone.effective_from,
            set_by=staff,
            set_at=now,
            undoes=undone,
        )


def target_on(targets: list[KpiTarget], day: date) -> Decimal | None:
    """The target in force on a day, of one KPI's targets in one scope, in any order."""
    effective = [target for target in targets if target.effective_from <= day]
    latest = max(effective, key=lambda target: (target.effective_from, target.pk), default=None)
    return latest.value if latest else None


def next_target(targets: list[KpiTarget], day: date) -> KpiTarget | None:
    """The first target to take effect after a day, of one KPI's targets in one scope, in any order."""
    later = [target for target in targets if target.effective_from > day]
    return min(later, key=lambda target: (target.effective_from, -target.pk), default=None)
