"""The settings of loyalty: what can be configured, how it stands, and which changes await approval."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from crm.runtime import clock
from crm.staff.four_eyes import inbox
from crm.staff.links import REQUESTS
from crm.staff.models import Request, RequestState
from crm.staff.permissions import SEE_REQUESTS, allowed, may
from crm.web.components import Text
from crm.web.responses import StaffRequest, render_page
from members.loyalty.configuration import Entry, entries_for
from members.loyalty.permissions import SEE_LOYALTY_SETTINGS

SHOWN = 10  # pending requests


@dataclass(frozen=True)
class ShownEntry:
    """An entry with its state in words and the number of changes to it that are pending."""

    entry: Entry
    address: str
    state: Text
    pending: int


@allowed(SEE_LOYALTY_SETTINGS)
@require_GET
def settings_page(request: StaffRequest) -> HttpResponse:
    """Every part that this person may open, and the changes that are pending."""
    now = clock.now()
    entries = entries_for(request.user)
    kinds = {kind for entry in entries for kind in entry.kinds}
    pending = pending_by_kind(kinds, now)
    shown = [
        ShownEntry(
            entry,
            reverse(entry.url),
            entry.state(now),
            sum(pending[kind] for kind in entry.kinds),
        )
        for entry in entries
    ]
    requests = None
    if may(request.user, SEE_REQUESTS):
        rows = inbox.visible(request.user).filter(
            kind__in=kinds, state=RequestState.PENDING, expires_at__gt=now
        )
        requests = inbox.shown_all(rows.order_by("made_at", "id")[:SHOWN], request.user, now)
    context = {
        "entries": shown,
        "requests": requests,
        "all_requests": REQUESTS.address(),
        "back": reverse("loyalty-settings"),
    }
    return render_page(request, "loyalty/overview/settings.html", context)


def pending_by_kind(kinds: Iterable[str], now: datetime) -> Counter[str]:
    """How many requests of these kinds can still be decided at `now`. One query."""
    rows = Request.objects.filter(kind__in=kinds, state=RequestState.PENDING, expires_at__gt=now)
    return Counter(dict(rows.values_list("kind").annotate(Count("id"))))
