"""Middleware: what browsers may do with an answer, the reader's language, no caching of personal data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth import get_user
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import translation
from django.utils.cache import add_never_cache_headers

from crm.staff.models import Staff

GetResponse = Callable[[HttpRequest], HttpResponse]


_DEVICES = "camera microphone geolocation display-capture usb serial hid midi payment gyroscope"
BROWSER_RIGHTS = {
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _DEVICES.split()),
    "Cross-Origin-Resource-Policy": "same-origin",
}


class BrowserRightsMiddleware:
    """Refuse pages the devices that no page uses, and other sites every answer, static files included."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in BROWSER_RIGHTS.items():
            response.headers.setdefault(name, value)
        return response


class FormTextMiddleware:
    """Take NUL out of the texts of forms, as their normal form does: PostgreSQL cannot store it.

    Views that look for the form's token by themselves are left alone: reading their form receives its file.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, arguments: Any, named: Any) -> None:
        if request.method != "POST" or getattr(view, "csrf_exempt", False):
            return
        if any("\0" in text for name, texts in request.POST.lists() for text in (name, *texts)):
            cleaned = QueryDict(mutable=True)
            for name, texts in request.POST.lists():
                cleaned.setlist(name.replace("\0", ""), [text.replace("\0", "") for text in texts])
            request.POST = cleaned  # type: ignore[assignment]  # that it may be changed does no harm


class ReaderLanguageMiddleware:
    """Activate the language of the account, on any device.

    Without one LocaleMiddleware decides: the language chosen on this device, that of the browser (any Chinese
    is ours), or else LANGUAGE_CODE.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # The staff member itself, without a lazy proxy: pages ask for the role hundreds of times.
        request.user = get_user(request)
        if isinstance(request.user, Staff) and request.user.language:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)


class NoCacheMiddleware:
    """Forbid browsers and proxies to cache the pages of signed-in staff, which hold personal data."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(request.user, Staff) and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response
