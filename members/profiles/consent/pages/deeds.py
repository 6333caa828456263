"""Give and withdraw consents of a member: dialogs and forms of the member page."""

from __future__ import annotations

from uuid import uuid4

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.staff.permissions import allowed
from crm.web.responses import StaffRequest, done_and_reload, refused, render_page
from members.profiles.consent.pages.forms import GiveForm
from members.profiles.consent.record import ConsentRefused, Evidence, give, withdraw
from members.profiles.consent.texts import texts_on, version_name
from members.profiles.links import MEMBER
from members.profiles.models import CONSENT_PURPOSES, ConsentSource, ContactChannel, Member, Purpose
from members.profiles.permissions import RECORD_CONSENT, WITHDRAW_CONSENT


def consent_tab(member_id: int) -> str:
    """The address of a member's consents."""
    return f"{MEMBER.address(member_id)}?tab=consent"


def check_visible(request: StaffRequest, member_id: int) -> None:
    """Raises Http404 for a member that is not there or not theirs to see."""
    if not Member.objects.visible_to(request.user).filter(pk=member_id).exists():
        raise Http404


@allowed(RECORD_CONSENT)
@require_http_methods(["GET", "POST"])
def give_consent(request: StaffRequest, member_id: int) -> HttpResponse:
    """Record a yes of a member with its evidence, under the text in force on the day it was said."""
    check_visible(request, member_id)
    now = clock.now()
    today = clock.day_of(now)
    start = {name: request.GET[name] for name in ("purpose", "channel") if name in request.GET}
    form = GiveForm(today, request.POST or None, start)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        text = texts_on(given["said_on"]).get(given["purpose"])
        evidence = Evidence(
            ConsentSource(given["source"]),
            version_name(text) if text else "",
            given["evidence"],
            form.said_at(now),
        )
        try:
            give(
                member_id=member_id,
                purpose=Purpose(given["purpose"]),
                channel=ContactChannel(given["channel"]),
                recipient=given["recipient"],
                evidence=evidence,
                key=given["key"],
                staff=request.user,
                now=now,
            )
        except ConsentRefused as error:
            form.add_error(None, error_text(error))
        else:
            return done_and_reload(request, consent_tab(member_id), _("Consent recorded."))
    context = {
        "form": form,
        "title": _("Record consent"),
        "button": _("Record consent"),
        "back": consent_tab(member_id),
        "texts": [(Purpose(key).label, text) for key, text in texts_on(today).items()],
    }
    return render_page(request, "profiles/consent/give.html", context, status=422 if form.errors else 200)


@allowed(WITHDRAW_CONSENT)
@require_POST
def withdraw_consent(request: StaffRequest, member_id: int) -> HttpResponse:
    """Withdraw one purpose on one channel, or everything; at once, whatever was said before."""
    check_visible(request, member_id)
    purposes = [one for one in CONSENT_PURPOSES if request.POST.get("purpose", "all") in ("all", one)]
    channels = [one for one in ContactChannel if request.POST.get("channel", "all") in ("all", one)]
    if not purposes or not channels:
        raise Http404
    try:
        withdraw(
            member_id=member_id,
            purposes=purposes,
            channels=channels,
            source=ConsentSource.STAFF,
            key=uuid4().hex,
            staff=request.user,
            now=clock.now(),
        )
    except ConsentRefused as error:
        return refused(request, consent_tab(member_id), error_text(error))
    count = len(purposes) * len(channels)
    words = ngettext("Consent withdrawn.", "All consents withdrawn.", count)
    return done_and_reload(request, consent_tab(member_id), words)
