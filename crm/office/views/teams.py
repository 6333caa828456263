"""Teams: the list, one team with its staff, creating and renaming a team."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.office.change_history import changes_of
from crm.office.forms import TeamForm
from crm.office.permissions import SEE_STAFF
from crm.office.team_list import visible_teams, with_staff
from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.staff.accounts import teams
from crm.staff.accounts.change import CannotChange
from crm.staff.models import Team
from crm.staff.permissions import MANAGE_STAFF, allowed, may, require
from crm.staff.privacy.access_log import ReasonMissing
from crm.web.lists.keyset import Order
from crm.web.lists.paging import Page, page_of
from crm.web.responses import StaffRequest, render_page

TEAMS = 20  # on a page: the books of all their staff are counted
BY_NAME = Order("name_key", str, descending=False, nulls=False)  # uses index: team_by_name


@allowed(SEE_STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def teams_page(request: StaffRequest) -> HttpResponse:
    """The teams that the reader may see; a POST creates one."""
    form, is_post = TeamForm(request.POST or None), request.method == "POST"
    if is_post:
        require(request.user, MANAGE_STAFF)
        team = _submit(form, lambda **values: teams.create(**values, by=request.user, now=clock.now()))
        if team:
            messages.success(request, _("Team created."))
            return HttpResponseRedirect(reverse("team", args=[team.pk]))
    manages = may(request.user, MANAGE_STAFF)
    after = "" if is_post else request.GET.get("after", "")
    found = page_of(visible_teams(request.user), BY_NAME, after, TEAMS)
    page = Page(with_staff(found.rows), found.next, found.first)
    context = {"page": page, "form": form if manages else None, "manages": manages}
    status = 422 if is_post else 200
    return render_page(
        request, "office/teams/teams.html", context, part="rows" if after else "", status=status
    )


@allowed(SEE_STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def team_page(request: StaffRequest, team_id: int) -> HttpResponse:
    """One team with its staff; a POST renames it."""
    team = get_object_or_404(visible_teams(request.user), pk=team_id)
    stored = {"name": team.name, "name_en": team.name_en}
    form, is_post = TeamForm(request.POST or None, initial=stored), request.method == "POST"
    if is_post:
        require(request.user, MANAGE_STAFF)
        if _submit(form, lambda **values: teams.rename(team_id, **values, by=request.user, now=clock.now())):
            messages.success(request, _("Team renamed."))
            return HttpResponseRedirect(reverse("team", args=[team_id]))
    manages = may(request.user, MANAGE_STAFF)
    context = {
        "shown": with_staff([team])[0],
        "changes": changes_of(team=team_id),
        "form": form if manages else None,
        "manages": manages,
    }
    return render_page(request, "office/teams/team.html", context, status=422 if is_post else 200)


def _submit(form: TeamForm, save: Callable[..., Team]) -> Team | None:
    """The saved team; None with the errors on the form."""
    if not form.is_valid():
        return None
    try:
        return save(**form.cleaned_data)
    except CannotChange as error:
        form.add_error("name", error_text(error))
    except ReasonMissing as error:
        form.add_error("reason", error_text(error))
    return None
