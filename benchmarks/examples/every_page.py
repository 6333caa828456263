"""How each page is opened; and the addresses that are no pages."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.examples.compliance import COMPLIANT
from benchmarks.examples.copy import COPY
from benchmarks.examples.delivery import DELIVERY
from benchmarks.examples.loyalty import LOYALTY
from benchmarks.examples.members import members, moves, palette
from benchmarks.examples.world import (
    ADMIN,
    ALL,
    ANALYST,
    COMPLIANCE,
    LEAD,
    OPERATIONS,
    RM,
    SERVICE,
    WORK,
    Asked,
    Examples,
    World,
    at,
    of_members,
    of_operations,
    plain,
)
from crm.imports.models import Reject
from crm.insights.kpis.registry import KPIS

RULE = '{"field": "aum", "op": ">=", "value": 100000}'


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
    yield from of_operations("import-fix-reason", world.run_id, field=field, code=code)(world)


def _segment(world: World) -> Iterator[Asked]:
    pages = [at("segment", pk) for pk in world.segments]
    yield Asked("segments/<id>/", (RM, LEAD, OPERATIONS, ANALYST), pages)
    compared = [at("segment", pk, **{"with": world.segments[0]}) for pk in world.segments[1:]]
    yield Asked("segments/<id>/ compared", (RM, LEAD, OPERATIONS), compared)


EXAMPLES: dict[str, Examples] = (
    LOYALTY
    | DELIVERY
    | COMPLIANT
    | COPY
    | {
        "home": plain("home"),
        "members": members,
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
        "moves": moves,
        "kpis": plain("kpis"),
        "kpi": _kpi,
        "kpi-members": _kpi_members,
        "segments": plain("segments", RM, LEAD, OPERATIONS, ANALYST),
        "segment": _segment,
        "builder-filter": of_operations("builder-filter", rule=RULE),
        "segments-deleted": plain("segments-deleted", OPERATIONS, ANALYST),
        "segment-new": plain("segment-new", OPERATIONS, ANALYST),
        "segment-edit": lambda world: of_operations("segment-edit", world.segments[0])(world),
        "segment-upload": lambda world: of_operations("segment-upload", world.list_id)(world),
        "policy": _policy,
        "requests": plain("requests", OPERATIONS, COMPLIANCE, ADMIN),
        "imports": plain("imports", OPERATIONS, ADMIN),
        "import-new": plain("import-new", OPERATIONS, ADMIN),
        "import-run": _of_imports("import-run"),
        "import-progress": _of_imports("import-progress"),
        "import-fix": lambda world: of_operations("import-fix", world.run_id, world.reject_id)(world),
        "import-fix-reason": _fix_reason,
        "import-undo": lambda world: of_operations("import-undo", run=world.run_id)(world),
        "jobs": plain("jobs", OPERATIONS, ADMIN),
        "job-history": lambda world: iter(
            [Asked("jobs/history/", (ADMIN,), [at("job-history", job="bench")])]
        ),
        "staff": plain("staff", ADMIN),
        "staff-add": plain("staff-add", ADMIN),
        "staff-person": _of_staff("staff-person"),
        "teams": plain("teams", ADMIN),
        "team": lambda world: iter([Asked("team", (ADMIN,), [at("team", world.team_id)])]),
        "reveals": plain("reveals", COMPLIANCE, ADMIN),
        "my-reveals": plain("my-reveals", SERVICE),
        "account": plain("account"),
        "palette": palette,
        "password-change": plain("password-change"),
        "admin:index": plain("admin:index", ADMIN),
    }
)

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
    benefit-reconcile-export benefit-record benefit-undo benefit-request
    consent-withdraw suppression-find rights-export assessment-request assessment-withdraw investor-status-end
    copy-live copy-act copy-answer copy-withdraw copy-attach copy-detach copy-evidence
    review-next review-claim review-accept review-except review-decide
"""
NO_PAGES = frozenset(_NO_PAGES.split())
LEFT_OUT = ("admin:", "gallery")  # Django's own administration of reference data, the page of components
