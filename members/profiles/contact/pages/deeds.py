"""Record a contact with a member, and what the member prefers: dialogs of the member page."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.staff.permissions import allowed
from crm.web.responses import StaffRequest, done_and_reload, render_page
from members.profiles.consent.pages.deeds import check_visible, consent_tab
from members.profiles.contact.log import ContactRefused, log_by_staff
from members.profiles.contact.pages.forms import ContactForm, PreferenceForm
from members.profiles.models import ContactChannel, ContactPreference, Direction, Purpose
from members.profiles.permissions import RECORD_CONSENT


def contacts_tab(member_id: int) -> str:
    """The address of a member's contacts."""
    return f"{consent_tab(member_id)}&part=contacts"


@allowed(RECORD_CONSENT)
@require_http_methods(["GET", "POST"])
def new_contact(request: StaffRequest, member_id: int) -> HttpResponse:
    """Record a contact that staff had with a member just now."""
    check_visible(request, member_id)
    form = ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given, now = form.cleaned_data, clock.now()
        try:
            log_by_staff(
                member_id=member_id,
                channel=ContactChannel(given["channel"]),
                kind=Purpose(given["kind"]),
                direction=Direction(given["direction"]),
                at=now,
                words=given["words"],
                key=given["key"],
                staff=request.user,
                now=now,
            )
        except ContactRefused as error:
            form.add_error(None, error_text(error))
        else:
            return done_and_reload(request, contacts_tab(member_id), _("Contact recorded."))
    context = {
        "form": form,
        "title": _("Record contact"),
        "button": _("Record contact"),
        "back": contacts_tab(member_id),
    }
    return render_page(request, "profiles/consent/dialog.html", context, status=422 if form.errors else 200)


@allowed(RECORD_CONSENT)
@require_http_methods(["GET", "POST"])
def change_preference(request: StaffRequest, member_id: int) -> HttpResponse:
    """Say where a member lives by the clock, and on which channel service messages are wanted."""
    check_visible(request, member_id)
    stored = ContactPreference.objects.filter(pk=member_id).first()
    begin = {"time_zone": stored.time_zone, "service_channel": stored.service_channel} if stored else {}
    form = PreferenceForm(request.POST or None, initial=begin)
    if request.method == "POST" and form.is_valid():
        values = {**form.cleaned_data, "updated_at": clock.now(), "by": request.user}
        ContactPreference.objects.update_or_create(member_id=member_id, defaults=values)
        return done_and_reload(request, contacts_tab(member_id), _("Preferences saved."))
    context = {
        "form": form,
        "title": _("Contact preferences"),
        "button": _("Save preferences"),
        "back": contacts_tab(member_id),
    }
    return render_page(request, "profiles/consent/dialog.html", context, status=422 if form.errors else 200)
