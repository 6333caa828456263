"""manage.py kpis: compute and print the KPIs."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.insights.kpis.compute import compute, refresh
from crm.insights.kpis.registry import KPIS
from crm.insights.models import KpiValue, Scope, Span
from crm.insights.tasks import KPIS_JOB
from crm.runtime.background.jobs import record
from crm.runtime.clock import day_of, now
from crm.runtime.management.spoken import SpokenCommand


class Command(SpokenCommand):
    summary = gettext_lazy("Compute the KPIs of this month, last month and missing months, and print them.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--day", metavar="DATE", help=_("compute only the month of that day, through that day")
        )
        parser.add_argument("--json", action="store_true", help=_("print the result as one JSON object"))

    def handle(self, **options: Any) -> None:
        began, at = time.perf_counter(), now()
        last_day = self._day(options["day"], day_of(at)) or day_of(at) - timedelta(days=1)
        with record(KPIS_JOB, now=at, caller="command") as run:
            if options["day"]:
                compute(last_day=last_day, now=at)
                months = 1
                run.advance(1, 1)
            else:
                months = refresh(now=at, progress=run.advance)
            run.detail(months=months)
        result = {
            "month": last_day.replace(day=1).isoformat(),
            "through": last_day.isoformat(),
            "months": months,
            "kpis": _values(last_day.replace(day=1)),
            "seconds": round(time.perf_counter() - began, 3),
        }
        if options["json"]:
            self.stdout.write(json.dumps(result, default=float))
        else:
            self._print(result)

    def _day(self, text: str | None, today: date) -> date | None:
        if not text:
            return None
        try:
            day = date.fromisoformat(text)
        except ValueError as error:
            raise CommandError(_("“%(day)s” is not a date such as 2026-11-21.") % {"day": text}) from error
        if day >= today:
            raise CommandError(_("%(day)s is not over yet. Enter an earlier day.") % {"day": text})
        return day

    def _print(self, result: dict[str, Any]) -> None:
        self.stdout.write(_("Month %(month)s, through %(through)s") % result)
        for kpi in result["kpis"]:
            value = kpi["waits_for"] or (
                f"{kpi['value']:.4f}  ({kpi['numerator']:.2f} / {kpi['denominator']:.2f})"
                if kpi["value"] is not None
                else _("No data")
            )
            self.stdout.write(f"  {kpi['kpi']:<28} {value}")


def _values(month: date) -> list[dict[str, Any]]:
    """Every KPI of the registry with its stored value for all members."""
    rows = {
        row.kpi: row
        for row in KpiValue.objects.filter(scope=Scope.ALL, scope_id=0, month=month, span=Span.MONTH)
    }
    return [
        {
            "kpi": kpi.code,
            "group": str(kpi.group),
            "unit": str(kpi.unit),
            "value": getattr(rows.get(kpi.code), "value", None),
            "numerator": getattr(rows.get(kpi.code), "numerator", None),
            "denominator": getattr(rows.get(kpi.code), "denominator", None),
            "members": getattr(rows.get(kpi.code), "members", None),
            "version": kpi.version,
            "definition": kpi.fingerprint if kpi.is_measured else "",
            "waits_for": str(kpi.waiting),
        }
        for kpi in KPIS
    ]
