"""What the frame around every page needs: the rail and the reader's theme."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest

from crm.staff.links import ACCOUNT, SIGN_OUT
from crm.staff.models import Staff
from crm.web.frame.navigation import rail
from crm.web.frame.preferences import theme_of
from crm.web.frame.search_box import search_box
from crm.web.responses import wants_part


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of base.html; a part asked for by htmx has no frame and costs nothing here.

    What a frame says alike to all of a role and a language is kept ready by the cache tags in base.html and
    rail.html: `rail` and `search_box` are only worked out where they ask for it. `part` tells dialogs and
    panels (web/dialog/dialog.html, web/peek/peek.html) whether a page goes around them.
    """
    if wants_part(request):
        return {"part": True}
    place = request.resolver_match.view_name if request.resolver_match else ""
    user = getattr(request, "user", None)
    return {
        "part": False,
        "place": place,
        "rail": partial(rail, user, place) if isinstance(user, Staff) else [],
        "search_box": partial(search_box, user) if isinstance(user, Staff) else None,
        "account": ACCOUNT.address,
        "sign_out": SIGN_OUT.address,
        "theme": theme_of(request),
        "rising": user.rising if isinstance(user, Staff) else "",
    }
