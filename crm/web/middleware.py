"""Around every answer: the reader's own language, and nothing personal left in a cache."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import get_user
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import add_never_cache_headers

from crm.staff.models import Staff

Answer = Callable[[HttpRequest], HttpResponse]


class ReadersLanguage:
    """Who has chosen a language reads in it on any device.

    Everybody else reads what LocaleMiddleware found: what was chosen on this device, what the browser asks
    for (any Chinese is ours), or else LANGUAGE_CODE.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # The person, no longer behind a proxy: pages ask for their role hundreds of times.
        request.user = get_user(request)
        if isinstance(request.user, Staff) and request.user.language:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)


class NotStored:
    """Pages of signed-in staff hold personal data: neither browser nor proxy may keep them."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(request.user, Staff) and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response
