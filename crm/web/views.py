"""The pages of jobs, and the error pages."""

from __future__ import annotations

import sys

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from crm.runtime import clock
from crm.staff.permissions import MANAGE_STAFF, allowed, may
from crm.web.frame.unavailable import is_unavailable, unavailable
from crm.web.jobs import runs
from crm.web.jobs.liveness import liveness
from crm.web.jobs.queues import attention, backlog, depths
from crm.web.jobs.schedule import timetable
from crm.web.jobs.statements import statements
from crm.web.permissions import SEE_JOBS
from crm.web.responses import StaffRequest, render_page


@allowed(SEE_JOBS)
@require_GET
def jobs_page(request: StaffRequest) -> HttpResponse:
    """The health of background jobs, the backlog, what needs attention, and the last run of every job."""
    jobs, waiting = runs.latest_by_job(), depths(clock.now())
    context = {
        "jobs": jobs,
        "alive": liveness(),
        "timetable": timetable(),
        "backlog": backlog(waiting),
        "statements": statements(jobs),
        "attention": attention(waiting, request.user),
        "traces": may(request.user, MANAGE_STAFF),
    }
    return render_page(request, "web/jobs/jobs.html", context, part="jobs")


@allowed(SEE_JOBS)
@require_GET
def job_history(request: HttpRequest) -> HttpResponse:
    """The runs of one job with their durations."""
    name = request.GET.get("job", "").replace("\0", "")[:60]
    page = runs.history(name, request.GET.get("after", ""))
    if page.first and not page.rows:
        raise Http404
    context = {
        "job": name,
        "label": runs.label(name),
        "page": page,
        "times": runs.times(page.rows) if page.first else None,
        "traces": may(request.user, MANAGE_STAFF),
    }
    return render_page(request, "web/jobs/job.html", context, part="rows" if request.GET.get("after") else "")


def _error(request: HttpRequest, status: int, title: str, words: str) -> HttpResponse:
    return render(
        request, "web/frame/error.html", {"status": status, "title": title, "words": words}, status=status
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the query or form holds a value that no page offers; only our own messages are shown."""
    message = str(exception) if isinstance(exception, BadRequest) else ""
    return _error(request, 400, _("Invalid request"), message or _("Go back and try again."))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the role lacks the permission."""
    words = _("Your role does not have access to this page. If you need it, contact an administrator.")
    return _error(request, 403, _("Access denied"), words)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: it is not there, or not yours to see."""
    words = _("This page does not exist, or you do not have access to it.")
    return _error(request, 404, _("Not found"), words)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 while the database is away. Nothing here may touch it: it may be what failed."""
    if is_unavailable(sys.exc_info()[1]):
        return unavailable()
    words = _("The error has been logged. Your changes were not saved. Try again in a moment.")
    return _error(request, 500, _("Something went wrong"), words)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form without a valid token, as after signing in again in another window."""
    words = _(
        "This form has expired, possibly because you signed in again. Reload the page and submit it again."
    )
    return _error(request, 403, _("Form expired"), words)
