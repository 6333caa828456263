"""KPIs that follow from the stages alone, as they are and as they would be under a policy that is tried."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from crm.insights.kpis.registry import KPIS
from crm.insights.kpis.targets import target_on
from crm.insights.models import KpiTarget, Scope
from crm.runtime.clock import day_of
from crm.web import formats
from members.lifecycle.policy.effects import Effect
from members.lifecycle.policy.preview import Preview

BY_STAGE = {kpi.code: kpi for kpi in KPIS if kpi.sql_name == "aum_in_stage"}


def list_effects(preview: Preview, now: datetime) -> list[Effect]:
    """The assets of the members in each stage that has such a KPI. One query."""
    targets = list(KpiTarget.objects.filter(kpi__in=BY_STAGE, scope=Scope.ALL))
    found = []
    for kpi in BY_STAGE.values():
        before, after = preview.assets(str(kpi.values["stage"]))
        target = target_on([one for one in targets if one.kpi == kpi.code], day_of(now))
        found.append(
            Effect(
                kpi.name,
                formats.short_money(before),
                formats.short_money(after),
                formats.short_money(target) if target is not None else "",
                (kpi.meets(before, target), kpi.meets(after, target)),
                reverse("kpi", args=[kpi.code]),
            )
        )
    return found
