"""What insights registers with the apps below it."""

from __future__ import annotations

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from crm.insights import tasks
from crm.insights.kpis import policy_effects
from crm.insights.permissions import SEE_OVERVIEW, SET_TARGETS
from crm.runtime.background import schedule
from crm.runtime.background.schedule import Scheduled
from crm.staff import permissions
from crm.web.assets import styles
from crm.web.frame import navigation
from crm.web.frame.navigation import INSIGHTS, Place
from crm.web.jobs import registry as jobs
from crm.web.jobs.registry import Job
from members.lifecycle.policy import effects

CALCULATE = _("Calculate KPIs of this and last month")
SCHEDULE = (
    Scheduled(
        "aggregate counts",
        tasks.aggregate_counts,
        crontab(minute="*/2"),
        110,
        _("Aggregate lifecycle counts"),
    ),
    Scheduled("count the KPIs", tasks.count_kpis, crontab(hour=4, minute=20), 6 * 3600, CALCULATE),
    Scheduled(
        "catch up with the KPIs",
        tasks.catch_up_kpis,
        crontab(minute="*/10"),
        500,
        _("Recalculate KPIs with changed data"),
    ),
)


def publish() -> None:
    """Called once, from AppConfig.ready()."""
    styles.register("insights")
    permissions.register(SEE_OVERVIEW, SET_TARGETS)
    navigation.register(
        Place("lifecycle", _("Lifecycle"), "l", SEE_OVERVIEW, INSIGHTS, 10, within=("moves",)),
        Place(
            "kpis", _("KPIs"), "k", SEE_OVERVIEW, INSIGHTS, 20, within=("kpi", "kpi-members", "kpi-target")
        ),
    )
    effects.register("kpis", policy_effects.list_effects)
    jobs.register(Job(tasks.KPIS_JOB, CALCULATE, {"months": _("months")}))
    schedule.register(*SCHEDULE)
