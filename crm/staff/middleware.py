"""Who has to choose a new password gets no other page before; what the administration's scripts may do."""

from __future__ import annotations

from collections.abc import Callable

from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
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


ADMINISTRATION = {"script-src": [SELF, UNSAFE_EVAL, UNSAFE_INLINE], "style-src": [SELF, UNSAFE_INLINE]}


class AdministrationPolicy:
    """django-unfold runs Alpine, which needs eval and inline styles: granted to the administration only."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.get_eased = csp_replace(ADMINISTRATION)(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        eased = request.path_info.startswith("/admin/")
        return self.get_eased(request) if eased else self.get_response(request)
