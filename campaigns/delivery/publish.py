"""What delivery publishes to the apps below it."""

from __future__ import annotations

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from campaigns.delivery import tasks
from campaigns.delivery.messages.run import JOB
from campaigns.delivery.pages.member_tab import TAB
from campaigns.delivery.permissions import SEE_OUTBOX
from campaigns.delivery.timeline import SOURCE
from campaigns.review.links import ASK
from crm.runtime.background import schedule
from crm.runtime.background.schedule import Scheduled
from crm.staff import permissions
from crm.web import palette
from crm.web.assets import styles
from crm.web.frame import navigation
from crm.web.frame.navigation import WORK, Place
from crm.web.jobs import registry as jobs
from members.profiles.member_page import tabs
from members.profiles.rights import kept, own_data
from members.profiles.timeline import registry as timeline

OUTBOX = Place("outbox", _("Outbox"), "c", SEE_OUTBOX, WORK, 45, within=("outbox-message", "gate-ask"))
DELIVER = Scheduled(JOB, tasks.deliver, crontab(), 50, _("Deliver messages"))


# Tied to a sale or not, what was sent and why is kept with what suitability rests on (reference §8).
KEPT = kept.Kept(
    "messages",
    _("Messages and verdicts"),
    _("Measures for investor suitability, art. 32 (to be confirmed by compliance)"),
    20,
    "SELECT max(decided_at) FROM delivery_verdict WHERE member_id = %(member)s",
)
OWN_DATA = (
    own_data.Section(
        "messages",
        _("Messages"),
        "SELECT m.queued_at, m.kind, m.channel, c.name AS copy, m.values, m.state, m.ended_at, m.reason"
        " FROM delivery_message AS m JOIN review_copyversion AS v ON v.id = m.copy_version_id"
        " JOIN review_copy AS c ON c.id = v.copy_id WHERE m.member_id = %(member)s"
        " ORDER BY m.queued_at, m.id",
    ),
    own_data.Section(
        "verdicts",
        _("Messages and verdicts"),
        "SELECT w.decided_at, w.channel, c.name AS copy, w.outcome, w.row, w.reasons"
        " FROM delivery_verdict AS w JOIN review_copyversion AS v ON v.id = w.copy_version_id"
        " JOIN review_copy AS c ON c.id = v.copy_id WHERE w.member_id = %(member)s"
        " ORDER BY w.decided_at, w.id",
    ),
)


def publish() -> None:
    """Called once, from AppConfig.ready()."""
    permissions.register(SEE_OUTBOX)
    styles.register("delivery")
    navigation.register(OUTBOX)
    ASK.lead_to("gate-ask")
    tabs.register(TAB)
    timeline.register(SOURCE)
    kept.register(KEPT)
    own_data.register(*OWN_DATA)
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
