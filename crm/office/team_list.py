"""Teams with their staff and their assigned members."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet

from crm.office.staff_list import BookSize, StaffRow, with_books
from crm.staff.models import Role, Staff, Team
from crm.staff.permissions import MANAGE_STAFF, may


@dataclass
class TeamRow:
    """A team with all its staff; a deactivated account counts only for the members still assigned to it."""

    team: Team
    everybody: list[StaffRow] = field(default_factory=list)

    @property
    def working(self) -> list[StaffRow]:
        """The active accounts."""
        return [one for one in self.everybody if one.staff.is_active]

    @property
    def leads(self) -> list[Staff]:
        """The active accounts with the role of a team lead."""
        return [one.staff for one in self.working if one.staff.role == Role.TEAM_LEAD]

    @property
    def lead_names(self) -> str:
        return ", ".join(lead.display_name for lead in self.leads)

    @property
    def book(self) -> BookSize:
        """Members in all its books."""
        return sum((one.book for one in self.everybody), BookSize(0))

    @property
    def left_behind(self) -> list[StaffRow]:
        """Deactivated accounts that still have members."""
        return [one for one in self.everybody if not one.staff.is_active and one.book.members]


def visible_teams(reader: Staff) -> QuerySet[Team]:
    """Every team for an administrator, the own one for a team lead."""
    if may(reader, MANAGE_STAFF):
        return Team.objects.order_by("name_key", "id")
    return Team.objects.filter(staff=reader)


def with_staff(teams: Sequence[Team]) -> list[TeamRow]:
    """These teams with their staff. Two queries."""
    rows = Staff.objects.filter(team__in=teams).select_related("team")
    rows = rows.order_by("-is_active", "name_key", "id")
    by_team: dict[int | None, list[StaffRow]] = defaultdict(list)
    for one in with_books(list(rows)):
        by_team[one.staff.team_id].append(one)
    return [TeamRow(team, by_team[team.pk]) for team in teams]
