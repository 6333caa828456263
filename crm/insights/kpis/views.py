"""All KPIs, one KPI, and the form that sets its target."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, override, to_locale
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.insights.kpis.definition import Kpi, Unit
from crm.insights.kpis.forms import TargetForm
from crm.insights.kpis.registry import BY_CODE
from crm.insights.kpis.targets import CannotUndo, next_target, set_target, target_on, undo_target
from crm.insights.kpis.values import Board, KpiReading, by_channel, read_board
from crm.insights.models import KpiTarget, KpiValue
from crm.insights.overview.parse import parse_month
from crm.insights.permissions import SEE_OVERVIEW, SET_TARGETS
from crm.runtime import clock
from crm.staff.permissions import allowed, may
from crm.web import charts
from crm.web.notices import Undo
from crm.web.responses import StaffRequest, done, refused, render_page
from members.lifecycle.models import Stage
from members.profiles.visibility import sees_everybody

TARGETS_SHOWN = 50


@allowed(SEE_OVERVIEW)
@require_GET
def kpis_page(request: StaffRequest) -> HttpResponse:
    """Every KPI of a month with its target and its department, by stage."""
    month = parse_month(request.GET.get("month", ""), clock.day_of(clock.now()))
    board = read_board(request.user, month.first)
    context = {
        "month": month,
        "is_current": month.following > clock.day_of(clock.now()),
        "through": board.through,
        "everybody": sees_everybody(request.user),
        "stages": [(stage, stage.label, board.of_stage(stage)) for stage in Stage],
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
    form = TargetForm(kpi, clock.day_of(now), request.POST)
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


def _targets(kpi: Kpi) -> list[KpiTarget]:
    """The latest targets, newest first. One query."""
    rows = KpiTarget.objects.filter(kpi=kpi.code).select_related("set_by")
    return list(rows.order_by("-id")[:TARGETS_SHOWN])


def _kpi(code: str) -> Kpi:
    if code not in BY_CODE:
        raise Http404(code)
    return BY_CODE[code]


def _page(
    request: StaffRequest, kpi: Kpi, *, form: TargetForm | None = None, status: int = 200
) -> HttpResponse:
    today = clock.day_of(clock.now())
    board = read_board(request.user, today.replace(day=1))
    reading = next(one for one in board.readings if one.kpi is kpi)
    targets = _targets(kpi)
    latest = next(
        (row for month in reversed(board.months) if (row := board.rows.get((kpi.code, month)))), None
    )
    everybody = sees_everybody(request.user)
    split = by_channel(kpi, latest.month) if kpi.by_channel and everybody and latest else []
    if form is None and kpi.is_measured and may(request.user, SET_TARGETS):
        form = TargetForm(kpi, today, target=target_on(targets, today))
    history = _history(board, kpi, targets)
    context = {
        "kpi": kpi,
        "names": _names(kpi),
        "latest": latest,
        "everybody": everybody,
        "shown": history[0] if history else None,
        "coming": next_target(targets, latest.through if latest else today),
        "targets": targets,
        "form": form,
        "chart": _chart(board, reading, history),
        "chart_unit": _chart_unit(kpi),
        "history": history,
        "channels": split,
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


def _chart_unit(kpi: Kpi) -> str:
    """The unit as charts name it: share, money, or number for days and times."""
    return str(kpi.unit) if kpi.unit in {Unit.SHARE, Unit.MONEY} else "number"


def _drawn(kpi: Kpi, value: Decimal | None) -> Decimal | None:
    return None if value is None else round(value, 4 if kpi.unit == Unit.SHARE else 2)


def _chart(board: Board, reading: KpiReading, history: list[MonthResult]) -> charts.Lines | None:
    targets = {one.month: one.target for one in history}
    values = [_drawn(reading.kpi, value) for value in reading.trend]
    series = charts.Series(str(reading.kpi.stage), reading.kpi.name, values)
    return charts.lines(board.months, [series], target=[targets.get(month) for month in board.months])


@dataclass(frozen=True)
class MonthResult:
    """A month of the history, with the target in force on its last counted day and whether it was met."""

    month: date
    row: KpiValue
    target: Decimal | None
    meets_target: bool | None


def _history(board: Board, kpi: Kpi, targets: list[KpiTarget]) -> list[MonthResult]:
    rows: list[tuple[date, Any]] = [(month, board.rows.get((kpi.code, month))) for month in board.months]
    found = [(month, row, target_on(targets, row.through)) for month, row in reversed(rows) if row]
    return [MonthResult(month, row, target, kpi.meets(row.value, target)) for month, row, target in found]
