"""Change requests: those pending my review, submitted by me, closed; approve, reject or withdraw one."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.staff.four_eyes import inbox, requests
from crm.staff.models import Staff
from crm.staff.permissions import DECIDE_REQUEST, SEE_REQUESTS, allowed, may
from crm.staff.privacy.access_log import ReasonMissing
from crm.web.components import tabs
from crm.web.lists.keyset import Order
from crm.web.lists.paging import Page, page_of
from crm.web.lists.tokens import parse_instant
from crm.web.responses import BadQuery, StaffRequest, next_address, render_page

WAITING, MINE, DECIDED = "waiting", "mine", "decided"
TABS: tuple[tuple[str, str | Promise], ...] = (
    (WAITING, gettext_lazy("Pending my review")),
    (MINE, gettext_lazy("Submitted by me")),
    (DECIDED, gettext_lazy("Closed")),
)
SIZE = 20
NEWEST_FIRST = Order("made_at", parse_instant, nulls=False)  # uses indexes: request_waiting, request_of_maker
LATEST_DECIDED = Order("decided_at", parse_instant, nulls=False)  # uses index: request_decided


@allowed(SEE_REQUESTS)
@require_GET
def requests_page(request: StaffRequest) -> HttpResponse:
    """The requests of one tab, newest first."""
    return _page(request, request.GET.get("tab", WAITING), request.GET.get("after", ""))


def _page(
    request: StaffRequest, tab: str, after: str = "", *, failed: int = 0, words: str = "", status: int = 200
) -> HttpResponse:
    if tab not in dict(TABS):
        raise BadQuery(_("Unknown filter."))
    now = clock.now()
    page = _requests_of(tab, request.user, now, after)
    context = {
        "page": Page(inbox.shown_all(page.rows, request.user, now), page.next, page.first),
        "tab": tab,
        "tabs": tabs(TABS, tab, request.GET),
        "now": now,
        "decides": may(request.user, DECIDE_REQUEST),
        "failed": failed,
        "words": words,
        "back": f"{reverse('requests')}?tab={tab}",
    }
    return render_page(
        request, "office/requests/requests.html", context, part="rows" if after else "", status=status
    )


def _requests_of(tab: str, staff: Staff, now: datetime, after: str) -> Page:
    if tab == WAITING:
        return page_of(inbox.waiting_for(staff, now), NEWEST_FIRST, after, SIZE)
    if tab == MINE:
        return page_of(inbox.made_by(staff), NEWEST_FIRST, after, SIZE)
    return page_of(inbox.decided(staff), LATEST_DECIDED, after, SIZE)


@allowed(SEE_REQUESTS)
@require_POST
def decide(request: StaffRequest, request_id: int) -> HttpResponse:
    """Approve, reject or withdraw a request; where that fails, its tab shows why beside it."""
    row = inbox.visible(request.user).filter(pk=request_id).first()
    if row is None:
        raise Http404
    choice, opinion, now = request.POST.get("choice", ""), request.POST.get("opinion", ""), clock.now()
    try:
        if choice == "approve":
            requests.approve(request_id=request_id, checker=request.user, opinion=opinion, now=now)
            messages.success(request, _("Approved and applied."))
        elif choice == "withdraw":
            requests.withdraw(request_id=request_id, maker=request.user, now=now)
            messages.success(request, _("Withdrawn."))
        elif choice == "reject":
            requests.reject(request_id=request_id, checker=request.user, opinion=opinion, now=now)
            messages.success(request, _("Rejected."))
        else:
            raise BadQuery(_("Invalid choice."))
    except requests.BasisChanged as error:
        messages.error(request, _("Returned to the requester: %(why)s") % {"why": error_text(error)})
        return HttpResponseRedirect(next_address(request, reverse("requests")))
    except (requests.CannotDecide, ReasonMissing) as error:
        words = error_text(error)
    except ValidationError as error:
        words = _("No longer possible: %(why)s") % {"why": requests.kind_of(row.kind).refusal(error)}
    else:
        return HttpResponseRedirect(next_address(request, reverse("requests")))
    tab = MINE if row.maker_id == request.user.pk else WAITING
    return _page(request, tab, failed=request_id, words=words, status=422)
