"""Who has to choose a new password gets no other page before."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from crm.staff.models import Staff

ALLOWED = frozenset({"password-change", "sign-out", "choose-language", "choose-theme"})


class NewPasswordFirst:
    """Leads a signed-in person whose password is to be changed to the page for it, and nowhere else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        match = request.resolver_match
        if (
            not isinstance(request.user, Staff)
            or not request.user.must_change_password
            or (match is not None and match.view_name in ALLOWED)
        ):
            return None
        target = reverse("password-change")
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(headers={"HX-Redirect": target})
        return HttpResponseRedirect(target)
