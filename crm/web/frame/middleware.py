"""Middleware: what browsers may do with an answer, the reader's language, no caching of personal data."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import get_user
from django.http import HttpRequest, HttpResponse
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
