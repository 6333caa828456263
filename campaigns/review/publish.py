"""What review publishes to the apps below it, part by part."""

from __future__ import annotations

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from campaigns.review import tasks
from campaigns.review.copy import lapse
from campaigns.review.copy.publish import publish as publish_copy
from campaigns.review.desk.publish import publish as publish_desk
from campaigns.review.pack_changes.publish import publish as publish_pack_changes
from campaigns.review.permissions import REVIEW_COPY, SEE_COPY, WITHDRAW_COPY, WRITE_COPY
from crm.runtime.background import schedule
from crm.runtime.background.schedule import Scheduled
from crm.staff import permissions
from crm.web.jobs import registry as jobs
from crm.web.jobs.registry import Job

JOBS = (
    Job(
        lapse.JOB,
        _("Record lapsed approvals of copy"),
        {"ended": _("ended"), "rerated": _("product rating changed")},
    ),
)
SCHEDULE = (Scheduled(lapse.JOB, tasks.lapse_copy, crontab(), 55, _("Record lapsed approvals of copy")),)


def publish() -> None:
    """Called once, from AppConfig.ready()."""
    permissions.register(SEE_COPY, WRITE_COPY, REVIEW_COPY, WITHDRAW_COPY)
    jobs.register(*JOBS)
    schedule.register(*SCHEDULE)
    publish_copy()
    publish_desk()
    publish_pack_changes()
