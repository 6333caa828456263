"""One address, two renderings: the whole page, or the part of it that htmx asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.utils.translation import get_language, override
from django_htmx.http import reswap, trigger_client_event

from crm.staff.models import Staff
from crm.web.components import Text
from crm.web.notices import Level, Notice, Undo, keep

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


def next_address(request: HttpRequest, default: str) -> str:
    """The address that a form names as `next`, if it is on this site; else the default."""
    target = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if ours else default


def done(
    request: HttpRequest,
    back: str,
    words: Text,
    *,
    level: Level = Level.SUCCESS,
    undo: Undo | None = None,
    events: Iterable[str] = (),
) -> HttpResponse:
    """The answer to a form that worked: a notice, with a way to undo it where there is one.

    Without htmx the page at `back` follows and shows it. To htmx nothing is swapped: an open dialog shuts,
    the notice shows, and each of `events` fires on the body for the parts of the page that listen.
    """
    notice = Notice(words, level, undo)
    if not wants_part(request):
        keep(request, notice)
        return HttpResponseRedirect(back)
    response = HttpResponse(status=204)
    trigger_client_event(response, "dialog:close", {})
    return _told(response, notice, events)


def refused(request: HttpRequest, back: str, words: Text, *, events: Iterable[str] = ()) -> HttpResponse:
    """The answer to a form that was not carried out: nothing has changed, and the notice says why.

    Without htmx the page at `back` follows and shows it. To htmx (status 422) nothing is swapped and an open
    dialog stays open, with the reason in it. A form that can be corrected answers with itself instead:
    answer(…, status=422).
    """
    notice = Notice(words, Level.ERROR)
    if not wants_part(request):
        keep(request, notice)
        return HttpResponseRedirect(back)
    return _told(reswap(HttpResponse(status=422), "none"), notice, events)


def _told(response: HttpResponse, notice: Notice, events: Iterable[str]) -> HttpResponse:
    trigger_client_event(response, "toast", notice.as_data())
    for name in events:
        trigger_client_event(response, name, {})
    return response


def attachment(chunks: Iterable[bytes], filename: str, content_type: str) -> StreamingHttpResponse:
    """A file to save, written while it is sent, in the language of the request that asked for it."""
    language = get_language() or settings.LANGUAGE_CODE
    return StreamingHttpResponse(
        _in_language(iter(chunks), language),
        content_type=content_type,
        headers={"Content-Disposition": content_disposition_header(True, filename) or "attachment"},
    )


def _in_language(chunks: Iterator[bytes], language: str) -> Iterator[bytes]:
    """Each chunk is made under the language: by then the request's own has ended."""
    while True:
        with override(language):
            chunk = next(chunks, None)
        if chunk is None:
            return
        yield chunk
