"""What there is to open, who opens it, and how an example of a page is written."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse

from benchmarks import compliance, office
from crm.imports.models import ImportRun, Reject
from crm.staff.models import Role, Staff, Team
from members.profiles.models import Member

RM, LEAD, SERVICE = Role.RELATIONSHIP_MANAGER, Role.TEAM_LEAD, Role.CUSTOMER_SERVICE
COMPLIANCE, OPERATIONS, ADMIN, ANALYST = Role.COMPLIANCE, Role.OPERATIONS, Role.ADMINISTRATOR, Role.ANALYST
ALL = (RM, LEAD, SERVICE, COMPLIANCE, OPERATIONS, ADMIN, ANALYST)
WORK = (RM, LEAD, SERVICE)
NOBODY = "nobody"  # who is not signed in: a member with a link
MANY = 30  # different members, texts … of one kind of page


@dataclass(frozen=True)
class Asked:
    """Requests of one kind: each path by each role. `part`: as htmx asks; `follows`: pages behind those."""

    label: str
    roles: tuple[str, ...]
    paths: list[str]
    part: bool = False
    follows: bool = False


@dataclass(frozen=True)
class World:
    """What there is to open: browsers and staff by role, members that everybody named may see."""

    browsers: dict[str, Client]
    staff: dict[str, Staff]
    own: list[Member]  # in the book of the manager, so of the lead's team
    any: list[Member]
    run_id: int
    reject_id: int
    team_id: int
    trial_id: int
    segments: list[int]
    list_id: int


def look_round(members: int) -> World:
    """Sign everybody in and choose members; adds what the office's pages list where it is missing."""
    names = {RM: "rm-1", LEAD: "lead-2"} | {
        role: role.value for role in ALL[2:]
    }  # rm-1 is of the second team
    if not Staff.objects.filter(username="lead-2").exists():
        names[LEAD] = "lead-1"
    staff: dict[str, Staff] = {role: Staff.objects.get(username=name) for role, name in names.items()}
    office.fill(staff)
    office.loyalty(staff)
    compliance.consent(staff)
    compliance.copy(staff)
    compliance.compile_packs()
    choose = random.Random(members)  # noqa: S311  # the same members on every run
    picks = [choose.randint(1, members) for _ in range(2 * MANY)]
    own = list(Member.objects.visible_to(staff[RM]).order_by("id"))
    run = ImportRun.objects.filter(rejected__gt=0).latest("id")
    return World(
        browsers={role: _browser(person) for role, person in staff.items()} | {NOBODY: Client()},
        staff=staff,
        own=own[:: max(1, len(own) // MANY)][:MANY],
        any=list(Member.objects.filter(id__in=picks))[:MANY],
        run_id=run.pk,
        reject_id=Reject.objects.filter(run=run).values_list("id", flat=True)[0],
        trial_id=office.tried(staff[OPERATIONS]),
        segments=office.segments(staff[OPERATIONS]),
        list_id=office.uploaded_list(staff[OPERATIONS]),
        team_id=Team.objects.values_list("id", flat=True)[0],
    )


def _browser(staff: Staff) -> Client:
    client = Client(raise_request_exception=False)  # a page that breaks is named, the others measured
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    return client


def at(name: str, /, *arguments: object, **query: object) -> str:
    """An address with its query."""
    path = reverse(name, args=arguments)
    return f"{path}?{urlencode(query)}" if query else path


Examples = Callable[[World], Iterator[Asked]]


def plain(name: str, *roles: str) -> Examples:
    """A page without arguments."""
    return lambda world: iter([Asked(at(name), roles or ALL, [at(name)])])


def of_members(name: str, *, part: bool = False) -> Examples:
    """A page of one member: of the own book or team, and of anybody."""

    def ask(world: World) -> Iterator[Asked]:
        yield Asked(f"{name} of the own book", (RM, LEAD), [at(name, one.pk) for one in world.own], part)
        yield Asked(f"{name} of anybody", (SERVICE, ANALYST), [at(name, one.pk) for one in world.any], part)

    return ask


def of_own(name: str, *roles: str) -> Examples:
    """A page of one member of the manager's book, of the lead's team."""
    return lambda world: iter([Asked(name, roles, [at(name, one.pk) for one in world.own])])


def of_operations(name: str, *arguments: object, **query: object) -> Examples:
    """One page that is the operations' own, with its arguments and query."""

    return lambda world: iter([Asked(name, (OPERATIONS,), [at(name, *arguments, **query)])])
