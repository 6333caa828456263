"""Staff: the list, one staff member, creating an account and every change to one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.functional import Promise
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.office import staff_list
from crm.office.change_history import changes_of
from crm.office.forms import AccountForm, NewAccountForm
from crm.office.permissions import SEE_REVEALS, SEE_STAFF
from crm.office.sign_ins import lockouts, sign_ins_of
from crm.office.team_list import visible_teams
from crm.office.views import second_person
from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.staff.accounts import approval
from crm.staff.accounts import change as accounts
from crm.staff.accounts.links import one_time_links
from crm.staff.four_eyes.requests import AlreadyProposed
from crm.staff.models import Role, Staff
from crm.staff.permissions import MANAGE_STAFF, allowed, may
from crm.staff.privacy.access_log import ReasonMissing
from crm.web.responses import StaffRequest, render_page
from members.profiles.book import MANAGER_ROLES

# The actions on an account besides changing it: what is called, and the notice afterwards.
ACTIONS: dict[str, tuple[Callable[..., Any], str | Promise]] = {
    "close": (accounts.deactivate, gettext_lazy("Account deactivated. All sessions are signed out.")),
    "reopen": (accounts.reactivate, gettext_lazy("Account reactivated.")),
    "unlock": (accounts.unlock, gettext_lazy("Sign-in unlocked.")),
    "ask": (
        accounts.require_new_password,
        gettext_lazy("Password change required on their next page."),
    ),
}


@allowed(SEE_STAFF)
@require_GET
def staff_page(request: StaffRequest) -> HttpResponse:
    """The staff that the reader may see, by name."""
    filters = staff_list.parse_filters(request.GET)
    after = request.GET.get("after", "")
    context = {
        "filters": filters,
        "page": staff_list.list_staff(filters, request.user, after),
        "roles": Role.choices,
        "teams": visible_teams(request.user),
        "manages": may(request.user, MANAGE_STAFF),
    }
    return render_page(request, "office/staff/staff.html", context, part="rows" if after else "list")


@allowed(MANAGE_STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def add_page(request: StaffRequest) -> HttpResponse:
    """Create an account; the answer to a valid form shows its one-time link, once."""
    if request.method != "POST":
        return render_page(request, "office/staff/add.html", {"form": NewAccountForm()})
    form = NewAccountForm(request.POST)
    if form.is_valid():
        try:
            if accounts.decides_requests(form.cleaned_data["role"]):
                return second_person.create(request, form.cleaned_data)
            staff = accounts.create_account(**form.cleaned_data, by=request.user, now=clock.now())
        except (accounts.CannotChange, AlreadyProposed) as error:
            form.add_error("username", error_text(error))
        except ReasonMissing as error:
            form.add_error("reason", error_text(error))
        else:
            return _link_page(request, staff)
    return render_page(request, "office/staff/add.html", {"form": form}, status=422)


def _link_page(request: StaffRequest, staff: Staff) -> HttpResponse:
    """The one-time link for setting a password, shown in this answer only."""
    name = urlsafe_base64_encode(force_bytes(staff.pk))
    address = reverse("set-password", args=[name, one_time_links.make_token(staff)])
    context = {"person": staff, "link": request.build_absolute_uri(address)}
    return render_page(request, "office/account/link.html", context)


@allowed(SEE_STAFF)
@require_GET
def person_page(request: StaffRequest, staff_id: int) -> HttpResponse:
    """One staff member: book, changes, sign-ins; for administrators the forms that change the account."""
    person = get_object_or_404(staff_list.visible_staff(request.user), pk=staff_id)
    return _person_page(request, person)


def _person_page(
    request: StaffRequest,
    person: Staff,
    *,
    form: AccountForm | None = None,
    error: tuple[str, str] = ("", ""),
    status: int = 200,
) -> HttpResponse:
    manages = may(request.user, MANAGE_STAFF)
    is_self = person.pk == request.user.pk
    context = {
        "person": person,
        "now": clock.now(),
        "book": staff_list.book_sizes([person.pk])[person.pk],
        "keeps_book": person.role in MANAGER_ROLES and person.is_active,
        "changes": changes_of(staff=person.pk),
        "sign_ins": sign_ins_of(person.username) if manages else None,
        "manages": manages and not is_self,
        "is_self": is_self,
        "is_shut_out": manages and lockouts().filter(username=person.username).exists(),
        "is_last": manages and accounts.is_last_administrator(person),
        "has_password": person.has_usable_password(),
        "form": (form or AccountForm.of(person)) if manages and not is_self else None,
        "failed": error[0],
        "words": error[1],
        "sees_reveals": may(request.user, SEE_REVEALS),
    }
    return render_page(request, "office/staff/person.html", context, status=status)


@allowed(MANAGE_STAFF)
@require_POST
def change(request: StaffRequest, staff_id: int) -> HttpResponse:
    """Change, deactivate, reactivate or unlock the account, or reset its password: `what` says which."""
    person = get_object_or_404(staff_list.visible_staff(request.user), pk=staff_id)
    what, reason = request.POST.get("what", ""), request.POST.get("reason", "")
    arguments: dict[str, Any] = {"by": request.user, "reason": reason, "now": clock.now()}
    form = None
    try:
        if what == "change":
            form = AccountForm.of(person, request.POST)
            if not form.is_valid():
                return _person_page(request, person, form=form, status=422)
            values = form.cleaned_data
            if values["role"] != person.role and accounts.decides_requests(values["role"]):
                return second_person.change(request, person, values)
            accounts.change(staff_id, **(arguments | values))
            messages.success(request, _("Changes saved and recorded."))
        elif what in second_person.OF_DECIDERS and second_person.is_needed(person, what, clock.now()):
            return second_person.propose(request, person, what, reason)
        elif what == "link":
            return _link_page(request, approval.issue_link(staff_id, **arguments))
        elif what in ACTIONS:
            action, words = ACTIONS[what]
            action(staff_id, **arguments)
            messages.success(request, str(words))
        else:
            raise Http404
    except (accounts.CannotChange, AlreadyProposed, ReasonMissing) as error:
        person = staff_list.visible_staff(request.user).get(pk=staff_id)
        if form is not None:
            form.add_error(None, error_text(error))
        return _person_page(request, person, form=form, error=(what, error_text(error)), status=422)
    return HttpResponseRedirect(reverse("staff-person", args=[staff_id]))
