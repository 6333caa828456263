"""How each page is opened by the benchmark of pages: by whom, with which arguments."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse

from benchmarks import crowd, office
from crm.imports.models import ImportRun, Reject
from crm.insights.kpis.registry import KPIS
from crm.staff.models import Role, Staff, Team
from members.profiles.models import Member
from members.profiles.search.search_token import write_search

RM, LEAD, SERVICE = Role.RELATIONSHIP_MANAGER, Role.TEAM_LEAD, Role.CUSTOMER_SERVICE
COMPLIANCE, OPERATIONS, ADMIN, ANALYST = Role.COMPLIANCE, Role.OPERATIONS, Role.ADMINISTRATOR, Role.ANALYST
ALL = (RM, LEAD, SERVICE, COMPLIANCE, OPERATIONS, ADMIN, ANALYST)
WORK = (RM, LEAD, SERVICE)
RULE = '{"field": "aum", "op": ">=", "value": 100000}'
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
    choose = random.Random(members)  # noqa: S311  # the same members on every run
    picks = [choose.randint(1, members) for _ in range(2 * MANY)]
    own = list(Member.objects.visible_to(staff[RM]).order_by("id"))
    run = ImportRun.objects.filter(rejected__gt=0).latest("id")
    return World(
        browsers={role: _browser(person) for role, person in staff.items()},
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


FILTERS: dict[str, list[dict[str, object]]] = {
    "by stage": [{"stage": stage} for stage in ("activation", "growth", "maturity", "decline")],
    "by warning": [{"warning": "any"}, {"warning": "idle"}, {"warning": "signal", "stage": "growth"}],
    "by sub-state": [
        {"sub_state": state} for state in ("stalled", "cleared", "at_risk", "dormant", "churned")
    ],
    "by traits": [{"region": "厦门", "risk": "C3"}, {"channel": "channel-9"},
                  {"region": "北京", "stage": "maturity"}],
    "by bounds": [{"aum_min": 150000}, {"aum_max": 500, "sort": "-aum"}, {"registered_from": "2024-05-01"},
                  {"idle_days": 200}],
    "by occasion": [{"matures": 30}, {"assessment": 30}, {"plan": "missed"}, {"complaint": "open"},
                    {"new_since": "2026-11-01"},
                    {"matures": 60, "stage": "growth", "cols": "stage,aum,matures,assessment,plan"}],
    "by sort": [{"sort": sort} for sort in ("aum", "-aum", "since", "registered", "due")],
}  # fmt: skip


def _members(world: World) -> Iterator[Asked]:
    yield Asked("members/", ALL, [at("members", view="all")])
    for label, queries in FILTERS.items():
        yield Asked(f"members/ {label}", (*WORK, ANALYST), [at("members", **query) for query in queries])
    yield Asked(
        "members/ unassigned, of a manager",
        (LEAD, SERVICE),
        [at("members", manager="none"), at("members", manager=world.staff[RM].pk)],
    )
    first = [
        at("members", **query) for query in ({"view": "all"}, {"stage": "decline"}, {"sort": "registered"})
    ]
    deep = [
        at("members", sort="-aum", aum_min=5000),
        at("members", sort="registered", registered_to="2025-01-01"),
    ]
    yield Asked("members/ further pages", (SERVICE, ANALYST), first, follows=True)
    yield Asked("members/ pages from deep within", (SERVICE,), deep, follows=True)
    yield Asked("members/ further pages for htmx", (SERVICE,), first, part=True, follows=True)
    for label, texts in searches(world).items():
        granted = [write_search(text, world.staff[SERVICE], granted_at=crowd.NOW) for text in texts]
        yield Asked(f"members/ search {label}", (SERVICE,), [at("members", find=one) for one in granted])
        free = [at("members", q=text) for text in texts]
        yield Asked(f"members/ search {label}, own book", (RM, LEAD), free)


def searches(world: World) -> dict[str, list[str]]:
    """Texts that somebody would type, by their kind."""
    people = [*world.own[: MANY // 2], *world.any[: MANY // 2]]
    names = [member.name for member in people]
    lines = [
        [line for line in member.search_text.split("\n") if line.isalpha() and line.isascii()]
        for member in people
    ]
    initials = [min(found, key=len) if found else "wl" for found in lines]
    return {
        "one character": sorted({name[-1] for name in names}),
        "part of a name": sorted({name[-2:] for name in names}),
        "pinyin": sorted({max(found, key=len) if found else "wang" for found in lines}),
        "beginning of pinyin": ["zhang", "w", "li", "xiao", "chen", "yan", "z", "zhan"],
        "initials": sorted(set(initials)),
        "pinyin in two words": ["wang li", "zhang wei", "li na", "chen jie"],
        "mobile": [crowd.mobile(member.pk) for member in people],
        "outside id": [f"{member.pk:08}" for member in people],
        "number": [f"#{member.pk}" for member in people],
        "nothing there": ["zzqx", "不存在的人", "13800000000", "nobody@example.org"],
    }


def _palette(world: World) -> Iterator[Asked]:
    yield Asked("palette/", ALL, [at("palette")])
    texts = [text for found in searches(world).values() for text in found[:4]]
    yield Asked("palette/ with a text", WORK, [at("palette", q=text) for text in texts])


def _moves(world: World) -> Iterator[Asked]:
    months = ("2026-11", "2026-08", "2026-02")
    pairs = (("activation", "growth"), ("growth", "decline"), ("growth", "maturity"))
    paths = [
        at("moves", **{"month": month, "from": left, "to": to}) for month in months for left, to in pairs
    ]
    yield Asked("lifecycle/moves/", (RM, LEAD, SERVICE, ANALYST), paths)


def _of_staff(name: str) -> Examples:
    return lambda world: iter(
        [Asked(name, (ADMIN,), [at(name, person.pk) for person in world.staff.values()])]
    )


def _of_imports(name: str) -> Examples:
    return lambda world: iter([Asked(name, (OPERATIONS,), [at(name, world.run_id)])])


def _policy(world: World) -> Iterator[Asked]:
    yield Asked("policy/", ALL, [at("policy")])
    yield Asked("policy/ with a trial", ALL, [at("policy", trial=world.trial_id)])


def _kpi(world: World) -> Iterator[Asked]:
    yield Asked("kpis/<code>/", (LEAD, OPERATIONS), [at("kpi", kpi.code) for kpi in KPIS])


def _kpi_members(world: World) -> Iterator[Asked]:
    listed = [kpi.code for kpi in KPIS if kpi.is_listed and kpi.has("team")]
    pages = [at("kpi-members", code, part) for code in listed for part in ("numerator", "denominator")]
    yield Asked("kpis/<code>/members/", (RM, LEAD, OPERATIONS), pages)


def _fix_reason(world: World) -> Iterator[Asked]:
    field, code = Reject.objects.values_list("field", "code").get(pk=world.reject_id)
    yield from _one("import-fix-reason", world.run_id, field=field, code=code)(world)


def _one(name: str, *arguments: object, **query: object) -> Examples:
    return lambda world: iter([Asked(name, (OPERATIONS,), [at(name, *arguments, **query)])])


def _segment(world: World) -> Iterator[Asked]:
    pages = [at("segment", pk) for pk in world.segments]
    yield Asked("segments/<id>/", (RM, LEAD, OPERATIONS, ANALYST), pages)
    compared = [at("segment", pk, **{"with": world.segments[0]}) for pk in world.segments[1:]]
    yield Asked("segments/<id>/ compared", (RM, LEAD, OPERATIONS), compared)


EXAMPLES: dict[str, Examples] = {
    "home": plain("home"),
    "members": _members,
    "assign-members": lambda world: iter(
        [Asked("assign-members", (LEAD,), [at("assign-members", member=one.pk) for one in world.own])]
    ),
    "complaint-new": lambda world: iter(
        [Asked("complaint-new", (RM, LEAD), [at("complaint-new", one.pk) for one in world.own])]
    ),
    "new-normal": lambda world: iter(
        [Asked("new-normal", (RM, LEAD), [at("new-normal", one.pk) for one in world.own])]
    ),
    "new-normals": plain("new-normals", LEAD),
    "columns": plain("columns"),
    "views": plain("views"),
    "view-save": plain("view-save", *WORK),
    "peek": of_members("peek"),
    "member": of_members("member"),
    "timeline": of_members("timeline", part=True),
    "lifecycle": plain("lifecycle"),
    "moves": _moves,
    "kpis": plain("kpis"),
    "kpi": _kpi,
    "kpi-members": _kpi_members,
    "segments": plain("segments", RM, LEAD, OPERATIONS, ANALYST),
    "segment": _segment,
    "builder-filter": _one("builder-filter", rule=RULE),
    "segment-new": plain("segment-new", OPERATIONS, ANALYST),
    "segment-edit": lambda world: _one("segment-edit", world.segments[0])(world),
    "segment-upload": lambda world: _one("segment-upload", world.list_id)(world),
    "policy": _policy,
    "requests": plain("requests", OPERATIONS, COMPLIANCE, ADMIN),
    "imports": plain("imports", OPERATIONS, ADMIN),
    "import-new": plain("import-new", OPERATIONS, ADMIN),
    "import-run": _of_imports("import-run"),
    "import-progress": _of_imports("import-progress"),
    "import-fix": lambda world: _one("import-fix", world.run_id, world.reject_id)(world),
    "import-fix-reason": _fix_reason,
    "import-undo": lambda world: _one("import-undo", run=world.run_id)(world),
    "jobs": plain("jobs", OPERATIONS, ADMIN),
    "job-history": lambda world: iter([Asked("jobs/history/", (ADMIN,), [at("job-history", job="bench")])]),
    "staff": plain("staff", ADMIN),
    "staff-add": plain("staff-add", ADMIN),
    "staff-person": _of_staff("staff-person"),
    "teams": plain("teams", ADMIN),
    "team": lambda world: iter([Asked("team", (ADMIN,), [at("team", world.team_id)])]),
    "reveals": plain("reveals", COMPLIANCE, ADMIN),
    "my-reveals": plain("my-reveals", SERVICE),
    "account": plain("account"),
    "palette": _palette,
    "password-change": plain("password-change"),
    "admin:index": plain("admin:index", ADMIN),
}

# Deeds, which only take a POST, and the dialogs of one complaint before them; what answers without members;
# files of any length; one-time links.
_NO_PAGES = """
    view-begin view-rename view-move view-delete view-restore reveal kpi-target kpi-target-undo import-cancel
    import-again import-rejects request-decide staff-change account-sessions choose-theme choose-language
    choose-rising sign-out gallery-notice sign-in set-password members-export reveals-export import-upload
    import-rejects-csv import-rejects-file member-search retry-failed-members show-sources assign-undo
    complaint-answer complaint-close complaint-reopen new-normals-seen import-fix-undo import-template
    policy-withdraw members-filter builder-step builder-preview
    segment-export segment-delete segment-restore
"""
NO_PAGES = frozenset(_NO_PAGES.split())
LEFT_OUT = ("admin:", "gallery")  # Django's own administration of reference data, the page of components
