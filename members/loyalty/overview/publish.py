"""What the overview publishes to the apps below."""

from __future__ import annotations

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from crm.runtime.background import schedule
from crm.runtime.background.schedule import Scheduled
from crm.web.assets import styles
from crm.web.frame import navigation
from crm.web.frame.navigation import INSIGHTS, SYSTEM, Place
from crm.web.jobs import registry as jobs
from crm.web.jobs.registry import Job
from members.loyalty import configuration
from members.loyalty.overview import tasks
from members.loyalty.overview.counts import maintenance
from members.loyalty.overview.pages.member_tab import TAB
from members.loyalty.permissions import SEE_LOYALTY_OVERVIEW, SEE_LOYALTY_SETTINGS
from members.profiles.member_page import tabs

OVERVIEW = Place(
    "loyalty", _("Loyalty"), "n", SEE_LOYALTY_OVERVIEW, INSIGHTS, 15, within=("loyalty-tier-changes",)
)
VERIFY = Job(
    maintenance.JOB, _("Verify loyalty counts"), {"counts": _("counts"), "differing": _("mismatches")}
)
SCHEDULE = (
    Scheduled(
        "compact loyalty counts",
        tasks.compact_counts,
        crontab(minute="*/10"),
        300,
        _("Compact loyalty counts"),
    ),
    Scheduled(
        maintenance.JOB,
        tasks.verify_counts,
        crontab(hour=4, minute=5),
        6 * 3600,
        _("Verify loyalty counts"),
    ),
)


def publish() -> None:
    """Called once, from members.loyalty.publish, after the parts have registered what they configure."""
    styles.register("loyalty/overview")
    jobs.register(VERIFY)
    tabs.register(TAB)
    schedule.register(*SCHEDULE)
    navigation.register(
        OVERVIEW,
        Place(
            "loyalty-settings",
            _("Loyalty settings"),
            "o",
            SEE_LOYALTY_SETTINGS,
            SYSTEM,
            10,
            within=configuration.addresses(),
        ),
    )
