"""Responses to pages and htmx: a page or a part of it, notices, downloads."""

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
    """A request behind crm.staff.permissions: somebody is signed in."""

    user: Staff


class BadQuery(BadRequest):
    """A query parameter that no page offers; the message is shown with status 400."""


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page, not for a boosted page or one restored from history."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def render_page(
    request: HttpRequest, template: str, context: dict[str, Any], *, part: str = "", status: int = 200
) -> TemplateResponse:
    """Render the page, or its part (a partial of the template) where htmx asks for one."""
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
    """The response to a submitted form: a notice, with an undo where there is one.

    Without htmx the page at `back` follows and shows it. htmx swaps nothing: an open dialog closes, the
    notice appears, and each of `events` fires on the body for the parts of the page that listen.
    """
    notice = Notice(words, level, undo)
    if not wants_part(request):
        keep(request, notice)
        return HttpResponseRedirect(back)
    response = HttpResponse(status=204)
    trigger_client_event(response, "dialog:close", {})
    return _with_notice(response, notice, events)


def done_and_reload(
    request: HttpRequest, back: str, words: Text, *, undo: Undo | None = None
) -> HttpResponse:
    """As done(), for what changes more than a part of the page at `back`: it is loaded again and tells it."""
    keep(request, Notice(words, Level.SUCCESS, undo))
    if wants_part(request):
        return HttpResponse(headers={"HX-Redirect": back})
    return HttpResponseRedirect(back)


def refused(request: HttpRequest, back: str, words: Text, *, events: Iterable[str] = ()) -> HttpResponse:
    """The response to a form that was refused: nothing has changed, and a notice says why.

    Without htmx the page at `back` follows and shows it. htmx (status 422) swaps nothing, and an open dialog
    stays open with the reason in it. A form that can be corrected is rendered again instead:
    render_page(…, status=422).
    """
    notice = Notice(words, Level.ERROR)
    if not wants_part(request):
        keep(request, notice)
        return HttpResponseRedirect(back)
    return _with_notice(reswap(HttpResponse(status=422), "none"), notice, events)


def _with_notice(response: HttpResponse, notice: Notice, events: Iterable[str]) -> HttpResponse:
    trigger_client_event(response, "toast", notice.as_data())
    for name in events:
        trigger_client_event(response, name, {})
    return response


def attachment(chunks: Iterable[bytes], filename: str, content_type: str) -> StreamingHttpResponse:
    """A download, streamed, in the language of the request."""
    language = get_language() or settings.LANGUAGE_CODE
    return StreamingHttpResponse(
        _in_language(iter(chunks), language),
        content_type=content_type,
        headers={"Content-Disposition": content_disposition_header(True, filename) or "attachment"},
    )


def _in_language(chunks: Iterator[bytes], language: str) -> Iterator[bytes]:
    """The chunks, each made in this language: the request and its language have ended by then."""
    while True:
        with override(language):
            chunk = next(chunks, None)
        if chunk is None:
            return
        yield chunk
