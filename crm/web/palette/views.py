"""The palette's page, which is also its dialog."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.staff.permissions import allowed
from crm.web.palette.registry import LONGEST, find
from crm.web.permissions import USE_PALETTE
from crm.web.responses import StaffRequest, render_page


@allowed(USE_PALETTE)
@require_http_methods(["GET", "POST"])
def palette_page(request: StaffRequest) -> HttpResponse:
    """What the text finds; htmx gets the dialog first, then the hits for each text.

    The text is posted, though nothing is changed: it may be somebody's name, which no address should hold.
    """
    given = request.POST if request.method == "POST" else request.GET
    text = given.get("q", "")[:LONGEST]
    page = urlsplit(request.headers.get("HX-Current-URL", ""))
    context = {
        "title": _("Search pages, members and actions"),
        "q": text,
        "groups": find(text, request.user),
        "back": f"{page.path}?{page.query}" if page.query else page.path,
    }
    return render_page(request, "web/palette/palette.html", context, part="results" if "q" in given else "")
