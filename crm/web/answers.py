"""One address, two renderings: the whole page, or the part of it that htmx asked for."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.cache import patch_vary_headers

from crm.staff.models import Staff

VARIES_BY = ("HX-Request", "HX-History-Restore-Request")


class StaffRequest(HttpRequest):
    """A request behind the guard of crm.staff.permissions: somebody is signed in."""

    user: Staff


class BadQuery(BadRequest):
    """A query parameter nobody could have chosen on the page; its message is shown with status 400."""


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a part: not for a whole page by boosting, nor to restore one from history."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def answer(
    request: HttpRequest, template: str, context: dict[str, Any], *, part: str = "", status: int = 200
) -> TemplateResponse:
    """The page, or its part (a partial defined in the template) where htmx asks for one."""
    name = f"{template}#{part}" if part and wants_part(request) else template
    response = TemplateResponse(request, name, context, status=status)
    patch_vary_headers(response, VARIES_BY)
    return response
