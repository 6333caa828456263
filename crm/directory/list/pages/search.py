"""Searching the list: what is searched for is sent in a form, and no address holds it in plain."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_POST

from crm.directory.list.pages.toolbar import query_string
from crm.directory.list.parse import clean_text
from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.staff.models import Staff
from crm.staff.permissions import REVEAL, allowed, may
from crm.staff.privacy.access_log import ReasonMissing, TooManySearches
from crm.web.responses import StaffRequest, refused
from members.profiles.permissions import SEE_MEMBERS
from members.profiles.search import personal
from members.profiles.search.search_token import write_search

_NOT_OF_THE_LIST = ("csrfmiddlewaretoken", "q", "find", "purpose", "after")


@allowed(SEE_MEMBERS)
@require_POST
def search(request: StaffRequest) -> HttpResponse:
    """Lead to the list of what is found; a search by what the reader sees masked is logged first.

    One that is not granted leads to the list too, which finds nobody and says what it needs.
    """
    text = clean_text(request.POST.get("q", ""))
    try:
        granted_at = _grant(text, request.user, request.POST.get("purpose", "")) if text else None
    except TooManySearches as error:
        return refused(request, reverse("members"), error_text(error))
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in request.POST.dict().items() if name not in _NOT_OF_THE_LIST})
    find = write_search(text, request.user, granted_at=granted_at) if text else ""
    return HttpResponseRedirect(f"{reverse('members')}{query_string(query, find=find)}")


def _grant(text: str, staff: Staff, purpose: str) -> datetime | None:
    """Now, where the search asks for more than this person sees, and is allowed and logged."""
    field, now = personal.asked_field(text, staff), clock.now()
    if not field or not may(staff, REVEAL):
        return None
    try:
        personal.grant(text, field, staff=staff, purpose=purpose, now=now)
    except ReasonMissing:
        return None
    return now
