"""Home of an administrator: accounts and machinery that need a hand."""

from __future__ import annotations

from datetime import datetime, timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.desk.home.blocks import Block, Line, Link, Today, link, told
from crm.desk.home.jobs import broken_jobs, jobs_block, said_of_jobs
from crm.desk.home.requests import page, requests_block, said_of_requests, waiting
from crm.staff.models import Request, Role, Staff
from crm.web.jobs.runs import ShownJob

READ = 30


def today(staff: Staff, now: datetime) -> Today:
    """Four queries."""
    lonely = list(
        Staff.objects.filter(
            role__in=[Role.RELATIONSHIP_MANAGER, Role.TEAM_LEAD], team=None, is_active=True
        ).order_by("name_key", "id")[:READ]
    )
    locked = _locked(now)
    jobs, requests = broken_jobs(), waiting(staff, now)
    parts = said_of_requests(requests) + said_of_jobs(jobs)
    if lonely:
        words = ngettext(
            "%(count)d staff member has no team", "%(count)d staff members have no team", len(lonely)
        )
        parts.append(words % {"count": len(lonely)})
    if locked:
        words = ngettext("%(count)d account is locked", "%(count)d accounts are locked", len(locked))
        parts.append(words % {"count": len(locked)})
    return Today(
        told(parts, _("All accounts and jobs are healthy.")),
        (),
        (requests_block(requests), _lonely_block(lonely), _locked_block(locked), jobs_block(jobs)),
        _action(jobs, requests),
    )


def _action(jobs: list[ShownJob], requests: list[Request]) -> Link | None:
    """A decision that somebody waits for goes before what can be looked into."""
    if requests:
        return page()
    return Link(_("View failed jobs"), reverse("jobs")) if jobs else link(_("View staff and teams"), "staff")


def _locked(now: datetime) -> list[AccessAttempt]:
    since = now - timedelta(hours=settings.AXES_COOLOFF_TIME)
    rows = AccessAttempt.objects.filter(
        failures_since_start__gte=settings.AXES_FAILURE_LIMIT, attempt_time__gte=since
    )
    return list(rows.order_by("-attempt_time")[:READ])


def _lonely_block(rows: list[Staff]) -> Block:
    lines = [Line(str(row), "", row.get_role_display(), tag=_("no team")) for row in rows[:8]]
    more = link(_("Staff"), "staff")
    return Block(
        _("No team assigned"),
        lines,
        more=more,
        empty=_("All relationship managers and team leads have a team."),
    )


def _locked_block(rows: list[AccessAttempt]) -> Block:
    lines = [
        Line(
            row.username or "–",
            "",
            ngettext("%(count)d failed attempt", "%(count)d failed attempts", row.failures_since_start)
            % {"count": row.failures_since_start},
            row.attempt_time,
            tag=_("locked"),
            tone="bad",
        )
        for row in rows[:8]
    ]
    return Block(_("Locked accounts"), lines, empty=_("No locked accounts."))
