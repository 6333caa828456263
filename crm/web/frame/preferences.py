"""The reader's own preferences: language, theme, and the colour of what rises."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.views.decorators.http import require_POST

from crm.staff.middleware import before_new_password
from crm.staff.models import Language, Rising, Staff
from crm.web.responses import next_address

THEME_COOKIE = "theme"
THEMES = ("light", "dark")
YEAR = 365 * 24 * 3600


def theme_of(request: HttpRequest) -> str:
    """light, dark, or empty for that of the device."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else ""


@before_new_password
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponseRedirect:
    """Save the theme on this device; anything unknown follows the device."""
    response = HttpResponseRedirect(next_address(request, resolve_url(settings.LOGIN_REDIRECT_URL)))
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie(THEME_COOKIE, chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response


@before_new_password
@require_POST
def choose_language(request: HttpRequest) -> HttpResponseRedirect:
    """Save the language with the account, and on this device for the sign-in page.

    Empty: as the browser. Anything unknown changes nothing.
    """
    response = HttpResponseRedirect(next_address(request, resolve_url(settings.LOGIN_REDIRECT_URL)))
    chosen = request.POST.get("language")
    if chosen not in Language.values:
        return response
    if chosen:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure()
        )
    else:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
    if isinstance(request.user, Staff):
        Staff.objects.filter(pk=request.user.pk).update(language=chosen)
    return response


@before_new_password
@require_POST
def choose_rising(request: HttpRequest) -> HttpResponseRedirect:
    """Save with the account which colour rises. Empty: as the language. Anything unknown changes nothing."""
    chosen = request.POST.get("rising")
    if chosen in Rising.values and isinstance(request.user, Staff):
        Staff.objects.filter(pk=request.user.pk).update(rising=chosen)
    return HttpResponseRedirect(next_address(request, resolve_url(settings.LOGIN_REDIRECT_URL)))
