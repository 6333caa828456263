"""Notes sessions used from another browser, asks for a new password first, eases the administration's CSP."""

from __future__ import annotations

from collections.abc import Callable

from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect

from crm.runtime import clock
from crm.staff.accounts.browsers import browser_of, mark_of
from crm.staff.accounts.change import note_other_browser
from crm.staff.links import NEW_PASSWORD
from crm.staff.models import Staff
from crm.staff.permissions import View

BROWSERS = "browsers"  # in the session: marks of the browsers it was used from, the one that signed in first
SIGNED_IN_WITH = "signed_in_with"
MOST_BROWSERS = 4


def remember_browser(request: HttpRequest) -> None:
    """Keep in the session which browser signed in."""
    agent = request.headers.get("User-Agent", "")
    request.session[BROWSERS] = [mark_of(agent)]
    request.session[SIGNED_IN_WITH] = browser_of(agent)


class KnownBrowser:
    """Notes in the account's log when a session is used from another browser; too many of them end it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = request.session.get(BROWSERS)
        if known and isinstance(request.user, Staff):
            agent = request.headers.get("User-Agent", "")
            if mark_of(agent) not in known:
                self._notice(request, request.user, known, agent)
        return self.get_response(request)

    @staticmethod
    def _notice(request: HttpRequest, staff: Staff, known: list[str], agent: str) -> None:
        before = request.session.get(SIGNED_IN_WITH, "")
        note_other_browser(staff, before=before, after=browser_of(agent), now=clock.now())
        if len(known) >= MOST_BROWSERS:
            logout(request)
        else:
            request.session[BROWSERS] = [*known, mark_of(agent)]


def before_new_password(view: View) -> View:
    """Mark a view that opens also for somebody whose password is to be changed."""
    view.before_new_password = True  # type: ignore[attr-defined]  # read by the class below
    return view


class NewPasswordFirst:
    """Leads a signed-in person whose password is to be changed to the page for it, and nowhere else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, *_: object) -> HttpResponse | None:
        if (
            not isinstance(request.user, Staff)
            or not request.user.must_change_password
            or getattr(view, "before_new_password", False)
        ):
            return None
        target = NEW_PASSWORD.address()
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
