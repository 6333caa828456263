"""No page takes more than ten queries, and none takes more because there are more rows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.directory.models import SavedView
from crm.imports.models import ImportRun, Reject
from crm.runtime.models import JobRun
from crm.runtime.secrets.crypto import encrypt
from crm.staff.models import Request, Reveal, Role, Staff, Team
from members.lifecycle.models import Standing, Transition
from members.portfolio.models import Valuation
from members.profiles.models import Book, Event, Member
from tests.crm.cast import NOW
from tests.crm.staff.access_table import addresses, line_of, lines
from tests.crm.staff.access_world import World

MOST = 10  # queries, those for the session and the reader included
FEW, MANY = 3, 300
ONCE = 2  # what only many rows bring about, such as a word on somebody who was shown unusually many


def grow(world: World, rows: int) -> None:
    """So many more rows of everything that a page lists."""
    _more_members(world, rows)
    _more_of_one_member(world, rows)
    reader, maker = world.reader, Staff.objects.get(pk=world.samples["staff_id"][1])
    run = ImportRun.objects.get(pk=world.samples["run_id"][0])
    numbers = range(rows)
    teams = Team.objects.bulk_create(Team(name=f"Team {rows} {number}") for number in numbers)
    Staff.objects.bulk_create(
        Staff(username=f"s{rows}-{number}", display_name="Ann", role=Role.TEAM_LEAD, team=teams[number])
        for number in numbers
    )
    names = (f"{rows} {number}" for number in numbers)
    SavedView.objects.bulk_create(SavedView(owner=reader, name=name, query={}) for name in names)
    Reveal.objects.bulk_create(
        Reveal(staff=reader, member_id=world.mine.id, field="mobile", reason="call back", at=NOW)
        for _ in numbers
    )
    Request.objects.bulk_create(
        Request(
            kind="lifecycle.policy", summary="Idle", reason="earlier", maker=maker, made_at=NOW,
            proposal={"values": {}, "effective_from": NOW.isoformat()}, expires_at=NOW + timedelta(days=7),
            content_key=f"{maker.pk}-{rows}-{number}",
        )
        for number in numbers
    )  # fmt: skip
    ImportRun.objects.bulk_create(
        ImportRun(kind="events", filename="events.csv", started_at=NOW, finished_at=NOW, outcome="done")
        for _ in numbers
    )
    Reject.objects.bulk_create(
        Reject(run=run, line=number, field="at", value="soon", code="x", row=encrypt("reject", "{}"))
        for number in numbers
    )
    JobRun.objects.bulk_create(
        JobRun(name="restage members", started_at=NOW, heartbeat_at=NOW, worker="w") for _ in numbers
    )


def _more_members(world: World, rows: int) -> None:
    members = Member.objects.bulk_create(
        Member(name=f"王{number}", known_at=NOW, registered_at=NOW, updated_at=NOW) for number in range(rows)
    )
    keeper = world.reader if world.reader.role == Role.RELATIONSHIP_MANAGER else None
    Book.objects.bulk_create(
        Book(member=one, staff=keeper, started_at=NOW - timedelta(days=9)) for one in members if keeper
    )
    Standing.objects.filter(member__in=members).delete()
    Standing.objects.bulk_create(
        Standing(
            member=one, stage="decline", sub_state="at_risk", policy_version=1, evaluated_at=NOW, warnings=1
        )
        for one in members
    )
    Transition.objects.bulk_create(_move(one.pk, number) for number, one in enumerate(members))


def _more_of_one_member(world: World, rows: int) -> None:
    Event.objects.bulk_create(
        Event(member_id=world.mine.id, id=f"{rows}-{number}", at=NOW - timedelta(hours=number), name="login")
        for number in range(rows)
    )
    Valuation.objects.bulk_create(
        (
            Valuation(member_id=world.mine.id, date=(NOW - timedelta(days=rows + number)).date(), aum=number)
            for number in range(rows)
        ),
        ignore_conflicts=True,
    )
    Transition.objects.bulk_create(_move(world.mine.id, rows * 10 + number) for number in range(rows))


def _move(member_id: int, number: int) -> Transition:
    return Transition(
        member_id=member_id, from_stage="growth", to_stage="decline", to_sub_state="at_risk",
        effective_at=NOW - timedelta(days=1, hours=number), recorded_at=NOW, policy_version=1,
        inputs={"rules": 1, "active_on": "2026-01-10"},
    )  # fmt: skip


def costs(world: World, role: str) -> dict[str, int]:
    """Queries of every page that this role may open, with nothing kept in the cache."""
    table = lines()
    found = {}
    for address in addresses():
        line = line_of(address.name, table)
        if line is None or line.cells[role] == "–":
            continue
        for path, is_others in world.paths(address):
            if is_others or address.name.startswith("admin:"):
                continue
            cache.clear()
            request = world.factory.get(path)
            request.META["HTTP_HX_REQUEST"] = "true" if path.endswith("/timeline/") else "false"
            with CaptureQueriesContext(
                connection,
            ) as asked:
                response = world.handler.get_response(request)
                if response.streaming:
                    b"".join(response)
            assert response.status_code in {200, 286, 302}, f"{path}: {response.status_code}"
            found[path] = len(asked)
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.RELATIONSHIP_MANAGER])
def test_every_page_keeps_its_budget_at_three_rows_and_at_three_hundred(role, settings, tmp_path):
    settings.BUSINESS_NOW, settings.VAR_DIR = NOW.isoformat(), tmp_path
    world = World(role, tmp_path)
    grow(world, FEW)
    few = costs(world, role)
    grow(world, MANY)
    many = costs(world, role)
    dear = [f"{path}: {many[path]} queries" for path in many if many[path] > MOST]
    growing = [f"{path}: {few[path]}, then {many[path]}" for path in many if many[path] > few[path] + ONCE]
    assert not dear + growing, "\n".join(dear + growing)
