"""Teams: who leads them, who is in them, how many members they look after."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.office import staff_list
from crm.office.forms import TeamForm
from crm.office.permissions import SEE_STAFF
from crm.runtime import clock
from crm.staff.accounts import teams
from crm.staff.accounts.change import CannotChange
from crm.staff.models import Role, Staff, Team
from crm.staff.permissions import MANAGE_STAFF, allowed, may, require
from crm.staff.privacy.access_log import ReasonMissing
from crm.web.lists.keyset import Order
from crm.web.lists.paging import Page, page_of
from crm.web.responses import StaffRequest, answer

TEAMS = 20  # on a page: the books of all their people are counted
BY_NAME = Order("name_key", str, descending=False, nulls=False)  # uses index: team_by_name


@dataclass
class ShownTeam:
    """A team with its people; a closed account counts only for what is left in its book."""

    team: Team
    everybody: list[staff_list.Person] = field(default_factory=list)

    @property
    def leads(self) -> list[Staff]:
        """Who leads it: an open account with that role."""
        return [one.staff for one in self.working if one.staff.role == Role.TEAM_LEAD]

    @property
    def working(self) -> list[staff_list.Person]:
        """Its people whose accounts are open."""
        return [one for one in self.everybody if one.staff.is_active]

    @property
    def book(self) -> staff_list.Size:
        """Members in all its books."""
        return sum((one.book for one in self.everybody), staff_list.Size(0))

    @property
    def left_behind(self) -> list[staff_list.Person]:
        """Closed accounts that still have members."""
        return [one for one in self.everybody if not one.staff.is_active and one.book.members]


def _read(found: list[Team]) -> list[ShownTeam]:
    """These teams with their people. Two queries."""
    rows = Staff.objects.filter(team__in=found).select_related("team")
    rows = rows.order_by("-is_active", "name_key", "id")
    by_team: dict[int | None, list[staff_list.Person]] = defaultdict(list)
    for one in staff_list.with_books(list(rows)):
        by_team[one.staff.team_id].append(one)
    return [ShownTeam(team, by_team[team.pk]) for team in found]


@allowed(SEE_STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def teams_page(request: StaffRequest) -> HttpResponse:
    """The teams one may see; a POST founds one."""
    form, status = TeamForm(request.POST or None), 200
    if request.method == "POST":
        require(request.user, MANAGE_STAFF)
        status = 422
        if form.is_valid():
            try:
                team = teams.create(**form.cleaned_data, by=request.user, now=clock.now())
            except CannotChange as error:
                form.add_error("name", str(error))
            except ReasonMissing as error:
                form.add_error("reason", str(error))
            else:
                messages.success(request, _("Team created."))
                return HttpResponseRedirect(reverse("team", args=[team.pk]))
    manages = may(request.user, MANAGE_STAFF)
    after = "" if request.method == "POST" else request.GET.get("after", "")
    found = page_of(staff_list.visible_teams(request.user), BY_NAME, after, TEAMS)
    page = Page(_read(list(found.rows)), found.next, found.first)
    context = {"page": page, "form": form if manages else None, "manages": manages}
    return answer(request, "office/teams/teams.html", context, part="rows" if after else "", status=status)


@allowed(SEE_STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def team_page(request: StaffRequest, team_id: int) -> HttpResponse:
    """One team and its people; a POST renames it."""
    team = get_object_or_404(staff_list.visible_teams(request.user), pk=team_id)
    form, status = TeamForm(request.POST or None, initial={"name": team.name}), 200
    if request.method == "POST":
        require(request.user, MANAGE_STAFF)
        status = 422
        if form.is_valid():
            try:
                teams.rename(team_id, **form.cleaned_data, by=request.user, now=clock.now())
            except CannotChange as error:
                form.add_error("name", str(error))
            except ReasonMissing as error:
                form.add_error("reason", str(error))
            else:
                messages.success(request, _("Team renamed."))
                return HttpResponseRedirect(reverse("team", args=[team_id]))
    manages = may(request.user, MANAGE_STAFF)
    context = {
        "shown": _read([team])[0],
        "changes": staff_list.changes_of(team=team_id),
        "form": form if manages else None,
        "manages": manages,
    }
    return answer(request, "office/teams/team.html", context, status=status)
