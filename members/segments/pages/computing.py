"""Pages that wait for segments to be computed: they ask from time to time, and then are read again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from crm.web.responses import wants_part

ASKED = "computing"  # the parameter that templates/segments/poll.html sends


def is_poll(request: HttpRequest) -> bool:
    """Whether a page that is open asks if the computing is over."""
    return wants_part(request) and ASKED in request.GET


def answer_poll(*, is_computing: bool) -> HttpResponse:
    """Nothing while it goes on, so that what is typed meanwhile stays; then the page is read again."""
    return HttpResponse(status=204) if is_computing else HttpResponse(headers={"HX-Refresh": "true"})
