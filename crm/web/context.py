"""What the frame around every page needs: the rail, the reader's theme, the business clock."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from crm.staff.models import Staff
from crm.web.answers import wants_part
from crm.web.navigation import rail
from crm.web.preferences import theme_of


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of base.html; a part asked for by htmx has no frame and costs nothing here.

    `part` tells dialogs and panels (web/dialog.html, web/peek.html) whether a page goes around them.
    """
    if wants_part(request):
        return {"part": True}
    match = request.resolver_match
    user = getattr(request, "user", None)
    return {
        "part": False,
        "rail": rail(user, match.view_name if match else "") if isinstance(user, Staff) else [],
        "theme": theme_of(request),
        "fixed_now": settings.BUSINESS_NOW,
    }
