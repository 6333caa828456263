"""The page on which a member unsubscribes: public, opened by the link of a message, without script."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from crm.runtime import clock
from members.profiles.consent.unsubscribe import BadLink, read_link, unsubscribe

LANGUAGES = {"zh": "zh-hans", "en": "en"}


@csrf_exempt  # mail programs unsubscribe in one click (RFC 8058): the signed link itself is the right to it
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe_page(request: HttpRequest, token: str) -> HttpResponse:
    """A button; a POST unsubscribes at once. A GET changes nothing: programs look at links."""
    language = request.GET.get("lang", "")
    if language not in LANGUAGES:
        language = "en" if (translation.get_language() or "").startswith("en") else "zh"
    with translation.override(LANGUAGES[language]):
        try:
            link = unsubscribe(token, now=clock.now()) if request.method == "POST" else read_link(token)
        except BadLink:
            link = None
        context = {
            "channel": link.channel.label if link else "",
            "done": link is not None and request.method == "POST",
            "other_language": "zh" if language == "en" else "en",
            "language": language,
        }
        status = 200 if link else 404
        response = render(request, "profiles/consent/unsubscribe.html", context, status=status)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
