"""What staff publish: their actions, the calendar in the administration, scheduled tasks."""

from __future__ import annotations

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from crm.runtime import errors
from crm.runtime.background import schedule
from crm.runtime.background.schedule import Scheduled
from crm.staff import permissions, sentences, tasks
from crm.staff.accounts import approval
from crm.staff.administration import sections
from crm.staff.administration.sections import REFERENCE_DATA, Table
from crm.staff.four_eyes import requests
from crm.staff.permissions import DECIDE_REQUEST, MANAGE_STAFF, REVEAL, SEE_REQUESTS

SCHEDULE = (
    Scheduled(
        "expire requests", tasks.expire_requests, crontab(minute="*/5"), 240, _("Expire overdue requests")
    ),
    Scheduled(
        "forget sessions",
        tasks.forget_sessions,
        crontab(hour=4, minute=20),
        6 * 3600,
        _("Clear expired sessions"),
    ),
)


def publish() -> None:
    """Called once, from AppConfig.ready()."""
    errors.register(sentences.ERRORS)
    permissions.register(REVEAL, SEE_REQUESTS, DECIDE_REQUEST, MANAGE_STAFF)
    sections.register(Table("runtime_calendarday", _("Calendar"), "calendar_month", REFERENCE_DATA, 40))
    schedule.register(*SCHEDULE)
    requests.register(
        approval.KIND,
        approval.apply,
        DECIDE_REQUEST,
        makers=MANAGE_STAFF,
        label=_("Account that may review requests"),
        summarise=sentences.account_request_summary,
        describe=sentences.account_request_lines,
        refusal=sentences.account_request_refusal,
    )
