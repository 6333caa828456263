"""What delivery publishes to the apps below it."""

from __future__ import annotations

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from campaigns.delivery import tasks
from campaigns.delivery.messages.run import JOB
from campaigns.delivery.pages.member_tab import TAB
from campaigns.delivery.permissions import SEE_OUTBOX
from campaigns.delivery.timeline import SOURCE
from crm.runtime.background import schedule
from crm.runtime.background.schedule import Scheduled
from crm.staff import permissions
from crm.web import palette
from crm.web.assets import styles
from crm.web.frame import navigation
from crm.web.frame.navigation import WORK, Place
from crm.web.jobs import registry as jobs
from members.profiles.member_page import tabs
from members.profiles.timeline import registry as timeline

OUTBOX = Place("outbox", _("Outbox"), "x", SEE_OUTBOX, WORK, 45, within=("outbox-message", "gate-ask"))
DELIVER = Scheduled(JOB, tasks.deliver, crontab(), 50, _("Deliver messages"))


def publish() -> None:
    """Called once, from AppConfig.ready()."""
    permissions.register(SEE_OUTBOX)
    styles.register("delivery")
    navigation.register(OUTBOX)
    tabs.register(TAB)
    timeline.register(SOURCE)
    schedule.register(DELIVER)
    jobs.register(
        jobs.Job(
            JOB,
            _("Deliver messages"),
            {
                "sent": _("sent"),
                "cancelled": _("cancelled"),
                "dropped": _("dropped"),
                "deferred": _("deferred"),
                "without_copy": _("without approved copy"),
            },
        )
    )
    palette.register_commands(
        palette.Command(_("Check a member and a copy"), "gate-ask", SEE_OUTBOX, _("gate verdict"))
    )
