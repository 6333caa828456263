"""Home of an administrator: accounts and jobs that need attention."""

from __future__ import annotations

from datetime import datetime

from axes.models import AccessAttempt
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.desk.home.blocks import Block, Home, Item, Link, link_to, to_sentence
from crm.desk.home.failed_jobs import describe_failed_jobs, failed_jobs, failed_jobs_block
from crm.desk.home.pending_requests import (
    describe_pending_requests,
    pending_requests,
    pending_requests_block,
    review_link,
)
from crm.office.sign_ins import lockouts
from crm.staff.models import Request, Role, Staff
from crm.web.jobs.runs import ShownJob

READ = 30  # accounts


def home(staff: Staff, now: datetime) -> Home:
    """Four queries."""
    teamless = list(
        Staff.objects.filter(
            role__in=[Role.RELATIONSHIP_MANAGER, Role.TEAM_LEAD], team=None, is_active=True
        ).order_by("name_key", "id")[:READ]
    )
    locked = list(lockouts().order_by("-attempt_time")[:READ])
    jobs, requests = failed_jobs(), pending_requests(staff, now)
    parts = describe_pending_requests(requests) + describe_failed_jobs(jobs)
    if teamless:
        words = ngettext(
            "%(count)d staff member has no team", "%(count)d staff members have no team", len(teamless)
        )
        parts.append(words % {"count": len(teamless)})
    if locked:
        words = ngettext("%(count)d account is locked", "%(count)d accounts are locked", len(locked))
        parts.append(words % {"count": len(locked)})
    return Home(
        to_sentence(parts, _("All accounts and jobs are healthy.")),
        (),
        (
            pending_requests_block(requests),
            _teamless_block(teamless),
            _locked_block(locked),
            failed_jobs_block(jobs),
        ),
        _action(jobs, requests),
    )


def _action(jobs: list[ShownJob], requests: list[Request]) -> Link | None:
    """A pending request comes before a failed job."""
    if requests:
        return review_link()
    return (
        Link(_("View failed jobs"), reverse("jobs")) if jobs else link_to(_("View staff and teams"), "staff")
    )


def _teamless_block(rows: list[Staff]) -> Block:
    lines = [Item(str(row), "", row.get_role_display(), tag=_("no team")) for row in rows[:8]]
    more = link_to(_("Staff"), "staff")
    return Block(
        _("No team assigned"),
        lines,
        more=more,
        empty=_("All relationship managers and team leads have a team."),
    )


def _locked_block(rows: list[AccessAttempt]) -> Block:
    lines = [
        Item(
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
