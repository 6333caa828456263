"""Every KPI, defined once, in display order; one module for each stage, one for money, one for review."""

from __future__ import annotations

from crm.insights.kpis.definition import Kpi
from crm.insights.kpis.registry import acquisition, activation, decline, growth, maturity, money, review

KPIS: tuple[Kpi, ...] = (
    *money.KPIS,
    *acquisition.KPIS,
    *activation.KPIS,
    *growth.KPIS,
    *maturity.KPIS,
    *decline.KPIS,
    *review.KPIS,
)
BY_CODE: dict[str, Kpi] = {kpi.code: kpi for kpi in KPIS}
