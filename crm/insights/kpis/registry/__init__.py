"""Every KPI, defined once, in display order; one module for each stage, and one for money."""

from __future__ import annotations

from crm.insights.kpis.definition import Kpi
from crm.insights.kpis.registry import acquisition, activation, decline, growth, maturity, money

KPIS: tuple[Kpi, ...] = (
    *money.KPIS,
    *acquisition.KPIS,
    *activation.KPIS,
    *growth.KPIS,
    *maturity.KPIS,
    *decline.KPIS,
)
BY_CODE: dict[str, Kpi] = {kpi.code: kpi for kpi in KPIS}
