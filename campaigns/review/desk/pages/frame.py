"""The frame of the desk's pages: the administration's, with the officer's own rail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpResponse

from crm.web.frame import administration
from crm.web.frame.preferences import theme_of
from crm.web.responses import StaffRequest, render_page


def render_desk(
    request: StaffRequest,
    template: str,
    context: dict[str, Any],
    *,
    now: datetime,
    part: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render a page of the desk. One query counts for the rail.

    Colours are those that the reader chose for the product, where one was chosen.
    """
    here = request.resolver_match.view_name if request.resolver_match else ""
    frame = admin.site.each_context(request) | {
        "theme": theme_of(request),
        "rail": administration.rail(request.user, here, now),
        "now": now,
    }
    return render_page(request, template, frame | context, part=part, status=status)
