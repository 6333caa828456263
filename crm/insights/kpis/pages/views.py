"""All KPIs, one KPI, and the form that sets its target."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, override, to_locale
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.insights.kpis.definition import Group, Kpi
from crm.insights.kpis.pages.forms import TargetForm
from crm.insights.kpis.pages.history import chart_of, chart_unit, history_of, policy_changes
from crm.insights.kpis.pages.scopes import ScopeNames
from crm.insights.kpis.registry import BY_CODE
from crm.insights.kpis.targets import CannotUndo, next_target, set_target, target_on, undo_target
from crm.insights.kpis.values import by_channel, read_board, scope_of
from crm.insights.models import KpiTarget, Scope
from crm.insights.permissions import SEE_OVERVIEW, SET_TARGETS
from crm.runtime import clock
from crm.staff.permissions import allowed, may
from crm.web.notices import Undo
from crm.web.responses import StaffRequest, done, refused, render_page
from members.lifecycle.pages.parse_periods import parse_month
from members.profiles.links import MEMBERS
from members.profiles.visibility import sees_everybody

TARGETS_SHOWN = 50


@allowed(SEE_OVERVIEW)
@require_GET
def kpis_page(request: StaffRequest) -> HttpResponse:
    """Every KPI of a month that the reader's scope has, with its target and its department, by group."""
    month = parse_month(request.GET.get("month", ""), clock.day_of(clock.now()))
    board = read_board(request.user, month.first)
    groups = [(group, Group(group).label, board.of_group(group)) for group in Group.values]
    context = {
        "month": month,
        "is_current": month.following > clock.day_of(clock.now()),
        "through": board.through,
        "kpis_key": board.key,
        "is_partial": board.is_partial,
        "everybody": sees_everybody(request.user),
        "groups": [group for group in groups if group[2]],
        "missed": sum(reading.meets_target is False for reading in board.readings),
        "targeted": sum(reading.target is not None for reading in board.readings),
        "silent": sum(r.target is not None and r.meets_target is None for r in board.readings),
    }
    return render_page(request, "insights/kpis/kpis.html", context)


@allowed(SEE_OVERVIEW)
@require_GET
def kpi_page(request: StaffRequest, code: str) -> HttpResponse:
    """One KPI: its definition, formula, history and target."""
    return _page(request, _kpi(code))


@allowed(SET_TARGETS)
@require_POST
def target_page(request: StaffRequest, code: str) -> HttpResponse:
    """Set a target; the answer is a notice at the KPI, or the form with its errors."""
    kpi, now = _kpi(code), clock.now()
    form = TargetForm(kpi, clock.day_of(now), ScopeNames().choices(kpi), request.POST)
    if not kpi.is_measured or not form.is_valid():
        return _page(request, kpi, form=form, status=422)
    target = set_target(kpi=code, staff=request.user, now=now, **form.cleaned_data)
    undo = Undo(reverse("kpi-target-undo", args=[code, target.pk]))
    return done(request, _targets_address(code), _("Target saved."), undo=undo, events=["targets:changed"])


def _targets_address(code: str) -> str:
    return f"{reverse('kpi', args=[code])}#targets"


@allowed(SET_TARGETS)
@require_POST
def undo_target_page(request: StaffRequest, code: str, target_id: int) -> HttpResponse:
    """Undo the target that this person has just set."""
    back, events = _targets_address(_kpi(code).code), ["targets:changed"]
    try:
        undo_target(kpi=code, target_id=target_id, staff=request.user, now=clock.now())
    except KpiTarget.DoesNotExist as error:
        raise Http404 from error
    except CannotUndo:
        words = _("The target has changed since. Nothing was undone.")
        return refused(request, back, words, events=events)
    return done(request, back, _("Target restored."), events=events)


def _kpi(code: str) -> Kpi:
    if code not in BY_CODE:
        raise Http404(code)
    return BY_CODE[code]


def _targets(kpi: Kpi) -> list[KpiTarget]:
    """The latest targets of all scopes, newest first. One query."""
    rows = KpiTarget.objects.filter(kpi=kpi.code).select_related("set_by")
    return list(rows.order_by("-id")[:TARGETS_SHOWN])


def _page(
    request: StaffRequest, kpi: Kpi, *, form: TargetForm | None = None, status: int = 200
) -> HttpResponse:
    today = clock.day_of(clock.now())
    board = read_board(request.user, today.replace(day=1), kpis=[kpi])
    reading = next((one for one in board.readings if one.kpi is kpi), None)
    own = scope_of(request.user)
    everything = _targets(kpi)
    targets = [one for one in everything if (one.scope, one.scope_id) == own]
    everybody, sets = sees_everybody(request.user), may(request.user, SET_TARGETS)
    changes = policy_changes(kpi, board.months[0])
    history = history_of(board, kpi, targets, changes)
    latest = history[0] if history else None
    names = ScopeNames()
    choices = names.choices(kpi) if sets and kpi.is_measured else []
    if form is None and choices:
        company = [one for one in everything if one.scope == Scope.ALL]
        form = TargetForm(kpi, today, choices, target=target_on(company, today))
    shown = everything if everybody else targets
    context = {
        "kpi": kpi,
        "names": _names(kpi),
        "reading": reading,
        "latest": latest.row if latest else None,
        "shown": latest,
        "is_current": bool(latest and reading and latest.row is reading.row),
        "is_partial": board.is_partial,
        "members": MEMBERS.address(),  # by assets, as a rank among all is
        "everybody": everybody,
        "has_scope": reading is not None,
        "coming": next_target(targets, latest.row.through if latest else today),
        "targets": [(one, names.of_target(one)) for one in shown],
        "form": form,
        "chart": chart_of(board, kpi, history, changes),
        "chart_unit": chart_unit(kpi),
        "history": history,
        "channels": by_channel(kpi, latest.month) if kpi.has(Scope.CHANNEL) and everybody and latest else [],
    }
    return render_page(request, "insights/kpis/kpi.html", context, part="kpi", status=status)


def _names(kpi: Kpi) -> list[tuple[str, str]]:
    """The KPI's (language, name) in the languages that are not the reader's."""
    names = []
    for language in ("zh-hans", "en"):
        if not (get_language() or "").startswith(language[:2]):
            with override(language):
                names.append((to_locale(language).replace("_", "-"), str(kpi.name)))
    return names
