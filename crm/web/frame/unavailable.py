"""The page shown while the database cannot be reached: it needs neither the database nor a session."""

from __future__ import annotations

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template.loader import render_to_string

RETRY_AFTER = 5  # seconds
# SQLSTATE classes of a server that is away, shutting down or out of connections; errors without a state never
# reached one.
_AWAY = ("08", "53", "57P")


def is_unavailable(error: BaseException | None) -> bool:
    """Whether an error says that there is no database to talk to now, not that a statement failed."""
    if isinstance(error, InterfaceError):
        return True
    if not isinstance(error, OperationalError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(_AWAY)


def unavailable() -> HttpResponse:
    """503, in the reader's language."""
    page = render_to_string("web/frame/unavailable.html")
    return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_AFTER)})
