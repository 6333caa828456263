"""Give the wealthiest members to the relationship managers, near home, with some history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection

from crm.demo.staff import HOME, TEAMS
from crm.runtime.sql_files import sql_beside
from crm.staff.models import Role, Staff
from members.profiles.book import assign

FEWEST, MOST = 60, 200  # members a manager, where there are enough
SHARE = 0.4  # of all members with assets that have a manager at most
LONG = timedelta(days=400)  # members registered before have had a manager for a while
RECENT, FIRST, SECOND = timedelta(days=6), timedelta(days=320), timedelta(days=110)

_WEALTHIEST = sql_beside(__file__)("wealthiest")


def hand_out(staff: Sequence[Staff], *, members: int, now: datetime) -> int:
    """Assign books; every third long-standing member came from a colleague. Returns members assigned."""
    managers = [person for person in staff if person.role == Role.RELATIONSHIP_MANAGER]
    each = min(MOST, max(FEWEST, members // 40))
    with connection.cursor() as cursor:
        cursor.execute(_WEALTHIEST, {"most": int(members)})
        wealthiest = cursor.fetchall()
    chosen = wealthiest[: min(each * len(managers), int(len(wealthiest) * SHARE))]
    first: dict[tuple[int, datetime], list[int]] = defaultdict(list)  # by (place of manager, instant)
    then: dict[tuple[int, datetime], list[int]] = defaultdict(list)
    for place, (member_id, manager, registered_at) in enumerate(_near_home(chosen, managers)):
        if registered_at > now - LONG:
            then[manager, now - RECENT].append(member_id)
        elif place % 3:
            then[manager, now - FIRST].append(member_id)
        else:
            first[(manager + 1) % len(managers), now - FIRST].append(member_id)
            then[manager, now - SECOND].append(member_id)
    for books, reason in (
        (first, "首次分配 / First assignment"),
        (then, "客户经理分配 / Assigned to a relationship manager"),
    ):
        for (manager, at), member_ids in sorted(books.items()):
            assign(member_ids=member_ids, staff=managers[manager], reason=reason, now=at)
    return len(chosen)


def _near_home(
    chosen: Sequence[tuple[int, str, datetime]], managers: Sequence[Staff]
) -> list[tuple[int, int, datetime]]:
    """(member, place of the manager, registration): the manager of the home team with the fewest members."""
    teams, size = list(TEAMS), [0] * len(managers)
    team_names = {place: manager.team.name for place, manager in enumerate(managers) if manager.team}
    given = []
    for number, (member_id, region, registered_at) in enumerate(chosen):
        team = HOME.get(region, teams[number % len(teams)])
        places = [place for place, name in team_names.items() if name == team]
        manager = min(places, key=lambda place: size[place])
        size[manager] += 1
        given.append((member_id, manager, registered_at))
    return given
