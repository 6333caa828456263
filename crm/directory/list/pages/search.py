"""Searching the list: what is searched for is sent in a form, and no address holds it in plain."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_POST

from crm.directory.list.pages.toolbar import query_string
from crm.directory.list.request.parse import clean_text
from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.staff.permissions import allowed
from crm.staff.privacy.access_log import TooManySearches
from crm.web.responses import StaffRequest, refused
from members.profiles.permissions import SEE_MEMBERS
from members.profiles.search import personal
from members.profiles.search.search_token import write_search

_OF_A_SEARCH_BOX = {"csrfmiddlewaretoken", "q", "purpose"}
_NOT_OF_THE_LIST = ("csrfmiddlewaretoken", "q", "find", "purpose", "after")


@allowed(SEE_MEMBERS)
@require_POST
def search(request: StaffRequest) -> HttpResponse:
    """Lead to the list of what is found; a search by what the reader sees masked is logged first.

    From a search box, which knows no filters, the only one found is opened. A search that is not granted
    leads to the list too, which finds nobody and says what it needs.
    """
    staff, now = request.user, clock.now()
    text, granted_at = clean_text(request.POST.get("q", "")), None
    if text:
        try:
            found = personal.find(
                text,
                staff=staff,
                purpose=request.POST.get("purpose", ""),
                now=now,
                typing="X-Typing" in request.headers,
            )
        except TooManySearches as error:
            return refused(request, reverse("members"), error_text(error))
        if len(found.ids) == 1 and set(request.POST) <= _OF_A_SEARCH_BOX:
            return HttpResponseRedirect(reverse("member", args=found.ids))
        granted_at = now if found.granted else None
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in request.POST.dict().items() if name not in _NOT_OF_THE_LIST})
    find = write_search(text, staff, granted_at=granted_at) if text else ""
    return HttpResponseRedirect(f"{reverse('members')}{query_string(query, find=find)}")
