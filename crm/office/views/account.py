"""The reader's own account: permissions, open sessions and sign-ins."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from crm.office.sign_ins import sessions_of, sign_ins_of
from crm.staff.accounts import sessions
from crm.staff.permissions import rights, signed_in
from crm.web.responses import BadQuery, StaffRequest, render_page


@signed_in
@require_GET
def account_page(request: StaffRequest) -> HttpResponse:
    """Permissions, sessions and sign-ins."""
    key = request.session.session_key or ""
    open_sessions = sessions_of(request.user, datetime.now(UTC), here=key)
    lines = rights(request.user)
    context = {
        "may": [words for words, may in lines if may],
        "may_not": [words for words, may in lines if not may],
        "sessions": open_sessions,
        "others": sum(not one.here for one in open_sessions),
        "sign_ins": sign_ins_of(request.user.username),
    }
    return render_page(request, "office/account/account.html", context)


@signed_in
@require_POST
def end_sessions(request: StaffRequest) -> HttpResponse:
    """Sign out elsewhere: in one browser (`session`, its fingerprint) or in all but this one (`others`)."""
    key = request.session.session_key or ""
    mark = request.POST.get("session", "")
    if "others" in request.POST:
        ended = sessions.end(request.user.pk, but=key)
    elif mark and mark != sessions.fingerprint(key):
        ended = sessions.end_by_fingerprint(request.user.pk, [mark])
    else:
        raise BadQuery(_("Session not found."))
    words = ngettext("%(count)s session signed out.", "%(count)s sessions signed out.", ended)
    messages.success(request, words % {"count": ended})
    return HttpResponseRedirect(reverse("account"))
