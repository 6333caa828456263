"""The ground floor's pages: jobs, and what is shown when something is wrong."""

from __future__ import annotations

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from crm.staff.permissions import Action, allowed
from crm.web.answers import answer
from crm.web.runs import latest_by_job


@allowed(Action.SEE_JOBS)
@require_GET
def jobs_page(request: HttpRequest) -> HttpResponse:
    """The last runs of every job."""
    return answer(request, "web/jobs.html", {"jobs": latest_by_job()})


def _error(request: HttpRequest, status: int, title: str, words: str) -> HttpResponse:
    return render(
        request, "web/error.html", {"status": status, "title": title, "words": words}, status=status
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the address or form holds what nobody could have chosen; only our own words are shown."""
    said = str(exception) if isinstance(exception, BadRequest) else ""
    return _error(request, 400, _("That request cannot be understood"), said or _("Go back and try again."))


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the role does not include this."""
    words = _("Your role does not include this page. If your work needs it, ask an administrator.")
    return _error(request, 403, _("Not for your role"), words)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: it is not there, or not yours to see."""
    words = _("This page or member does not exist, or is not in your book.")
    return _error(request, 404, _("Not found"), words)


def failed(request: HttpRequest) -> HttpResponse:
    """500: nothing here may touch the database, which may be what failed."""
    words = _("The fault was recorded. Nothing you entered was saved; please try again in a moment.")
    return _error(request, 500, _("Something went wrong on our side"), words)


def no_token(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of a form sent without a valid token, as after signing in again in another window."""
    words = _(
        "This form is out of date, perhaps because you signed in again. Reload the page and send it anew."
    )
    return _error(request, 403, _("The form has expired"), words)
