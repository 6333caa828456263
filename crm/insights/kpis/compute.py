"""Compute the KPIs of a month and store them: for all members, each team, each book and each channel.

One month is one transaction that replaces its rows: killed, it leaves the rows from before; run again or
twice at once, it leaves the same rows. Only whole platform days count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from crm.insights.kpis.definition import Kpi, fingerprint, read_sql
from crm.insights.kpis.edges import RELATION, assets_sql, edges_of
from crm.insights.kpis.registry import KPIS
from crm.insights.kpis.relations import for_everybody, relation_sql
from crm.insights.models import KpiValue, Scope, Span
from crm.runtime.clock import day_of, day_start
from members.lifecycle.counts.periods import Month, months_back
from members.lifecycle.evaluation.evaluate import zone_parameters

KEPT_MONTHS = 12  # before the current one: as far back as the pages show
KEPT_COHORTS = 14  # so that the oldest has a year of tenure behind it
NIGHT = timedelta(hours=5)  # after midnight, when the nightly run is over
COHORT_STEPS = ("cohort.leads", "cohort.registered", "cohort.invested", "cohort.matured")
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('crm.insights.kpis.compute'))"

Progress = Callable[[int, int], None]


def refresh(*, now: datetime, progress: Progress | None = None) -> int:
    """Compute the current month, the one before, and kept months that are missing or of another version.

    Days count up to yesterday; late facts of the month before are included. A running month is compared with
    the same days of the month before, which are computed too. Returns the number of months.
    """
    last_day = day_of(now) - timedelta(days=1)
    months = months_back(last_day, KEPT_MONTHS)
    outdated = set(months[-2:]) | _outdated(months)
    last_days = [
        min(last_day, Month(month).following - timedelta(days=1)) for month in months if month in outdated
    ]
    compared = same_day_before(last_day)
    with edges_of([*last_days, compared]):
        for done, day in enumerate(last_days, 1):
            _compute(day, now)
            if progress:
                progress(done, len(last_days))
        _compute(compared, now, span=Span.TO_DATE)
    compute_cohorts(last_day=last_day, now=now)
    return len(last_days)


def same_day_before(day: date) -> date:
    """The day of the month before with the same number; its last where it is shorter."""
    before = Month(day.replace(day=1)).preceding
    return min(before.replace(day=1) + timedelta(days=day.day - 1), day.replace(day=1) - timedelta(days=1))


def is_behind(*, now: datetime) -> bool:
    """Whether the last whole day is still not counted although its night is over."""
    last_day = day_of(now - NIGHT) - timedelta(days=1)
    counted = KpiValue.objects.filter(
        scope=Scope.ALL, span=Span.MONTH, month=last_day.replace(day=1), through__gte=last_day
    )
    return not counted.exists()


def _outdated(months: Iterable[date]) -> set[date]:
    """Months without values of all current definitions, or not counted up to their last day."""
    current = {(kpi.code, kpi.fingerprint) for kpi in KPIS if kpi.is_measured}
    rows = KpiValue.objects.filter(scope=Scope.ALL, span=Span.MONTH, month__in=months).values_list(
        "month", "kpi", "definition", "through"
    )
    have: dict[date, set[tuple[str, str]]] = {month: set() for month in months}
    for month, code, definition, through in rows:
        if through == Month(month).following - timedelta(days=1):
            have[month].add((code, definition))
    return {month for month, found in have.items() if not current <= found}


def compute(*, last_day: date, now: datetime, kpis: Iterable[Kpi] = KPIS, span: Span = Span.MONTH) -> int:
    """Compute the month of `last_day` up to and with that day; returns the number of stored rows.

    Of the span TO_DATE only the latest month is kept.
    """
    with edges_of([last_day]):
        return _compute(last_day, now, kpis=kpis, span=span)


def _compute(last_day: date, now: datetime, *, kpis: Iterable[Kpi] = KPIS, span: Span = Span.MONTH) -> int:
    """The same within `edges_of`."""
    measured = [kpi for kpi in kpis if kpi.is_measured]
    parameters = period(last_day) | {"now": now, "span": span}
    needed = sorted({name for kpi in measured for name in kpi.reads})
    old = KpiValue.objects.filter(span=span, kpi__in=[kpi.code for kpi in measured])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK)
        (old if span == Span.TO_DATE else old.filter(month=parameters["month"])).delete()
        for name in needed:
            cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{name}")
            text = assets_sql() if name == RELATION else for_everybody(relation_sql(name))
            cursor.execute(f"CREATE TEMP TABLE {name} ON COMMIT DROP AS {text}", parameters)
            cursor.execute(f"ANALYZE {name}")
        stored = 0
        for kpi in measured:
            statement = read_sql("store").format(kpi=for_everybody(kpi.sql))
            cursor.execute(statement, parameters | kpi.values | _described(kpi))
            stored += cursor.rowcount
        for name in needed:
            cursor.execute(f"DROP TABLE pg_temp.{name}")
    return stored


def _described(kpi: Kpi) -> dict[str, Any]:
    return {
        "kpi": kpi.code,
        "version": kpi.version,
        "definition": kpi.fingerprint,
        "scopes": list(kpi.scopes),
        "is_total": kpi.is_total,
    }


def compute_cohorts(*, last_day: date, now: datetime) -> int:
    """Compute how far the cohort of each kept month has come by the end of `last_day`."""
    months = months_back(last_day, KEPT_COHORTS)
    text = read_sql("cohorts")
    parameters = period(last_day) | {
        "since": day_start(months[0]),
        "now": now,
        "definition": fingerprint(text),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK)
        KpiValue.objects.filter(month__gte=months[0], kpi__in=COHORT_STEPS).delete()
        cursor.execute(read_sql("store_cohorts").format(cohorts=text), parameters)
        return cursor.rowcount


def period(last_day: date) -> dict[str, Any]:
    """SQL parameters for the month of `last_day` up to its end: days, instants, the platform's time zone."""
    first_day = last_day.replace(day=1)
    return {
        **zone_parameters(),
        "month": first_day,
        "first_day": first_day,
        "last_day": last_day,
        "start": day_start(first_day),
        "end": day_start(last_day + timedelta(days=1)),
    }
