"""Rejected rows: fixed one by one, retried, dismissed, listed for their source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.imports import kinds
from crm.imports.fixing import fix as fixing
from crm.imports.models import ImportRun, Reject
from crm.imports.pages import messages
from crm.imports.permissions import IMPORT
from crm.imports.rejects.pending import waiting_rows
from crm.imports.rejects.sheet import EXPORTED_MASKED, rows_to_fix
from crm.imports.runs.record import AlreadyOpen, hand_over
from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.staff.models import Export
from crm.staff.permissions import allowed, require
from crm.staff.privacy import export_log
from crm.staff.privacy.access_log import ReasonMissing, clean_reason
from crm.web.downloads.table_files import table_file
from crm.web.ids import id_or_none
from crm.web.notices import Level
from crm.web.permissions import EXPORT
from crm.web.responses import StaffRequest, done, refused, render_page

SLICE = 1000
LONGEST = 20_000  # characters of a field that is sent


@allowed(IMPORT)
@require_POST
def resolve_rejects(request: StaffRequest, run_id: int) -> HttpResponse:
    """Try rows again or give them up: the chosen ones, all with one reason, all that were changed, or all."""
    run = get_object_or_404(ImportRun, pk=run_id)
    back, now, wish = reverse("import-run", args=[run.pk]), clock.now(), request.POST.get("do", "")
    if run.is_open:
        return refused(request, back, _("The import is still running."))
    if wish == "retry-all":
        return _retry_in_background(request, run, {})
    only = _together(request, wish)
    waiting = waiting_rows(run, only) if only else waiting_rows(run)
    if not only:
        ids = [reject_id for text in request.POST.getlist("row") if (reject_id := id_or_none(text))]
        waiting = waiting.filter(pk__in=ids[: fixing.AT_ONCE])
    if not waiting.exists():
        return refused(request, back, _("Select rows first."))
    if wish == "discard":
        try:
            reason = clean_reason(request.POST.get("reason", ""))
        except ReasonMissing as missing:
            return refused(request, back, error_text(missing))
        count = fixing.dismiss(waiting, reason=reason, staff_id=request.user.pk, now=now)
        return done(request, back, _("Dismissed %(rows)s.") % {"rows": messages.rows(count)})
    found = list(waiting.order_by("line").values_list("pk", flat=True)[: fixing.AT_ONCE + 1])
    if len(found) > fixing.AT_ONCE:
        return _retry_in_background(request, run, only)
    taken, again = fixing.retry(run, found, now=now)
    words = _("%(taken)s imported; %(waiting)s still to fix.") % {
        "taken": messages.rows(taken),
        "waiting": messages.rows(len(again)),
    }
    return done(request, back, words, level=Level.WARNING if again else Level.SUCCESS)


def _together(request: StaffRequest, wish: str) -> dict[str, str]:
    """What waiting_rows() takes where all rows of a reason, or all changed ones, are meant; else empty."""
    if wish == "retry-changed":
        return {"fix": "any"}
    if "every" not in request.POST:
        return {}
    field, code = (request.POST.get(name, "").replace("\0", "") for name in ("field", "code"))
    return {"field": field, "code": code} if code else {}


def _retry_in_background(request: StaffRequest, run: ImportRun, only: dict[str, str]) -> HttpResponse:
    """A new import of waiting rows, for a worker; what is still wrong waits under it."""
    try:
        again = hand_over(
            ImportRun(
                kind=run.kind,
                source=run.source,
                filename=f"rejects of {run.filename}"[:255],
                options=run.options,
                started_at=clock.now(),
                staff_id=request.user.pk,
                replay_of=run,
                only=only,
            )
        )
    except AlreadyOpen:
        back = reverse("import-run", args=[run.pk])
        return refused(request, back, _("These rows are already being retried."))
    return done(request, reverse("import-run", args=[again.pk]), _("Running in the background."))


@allowed(IMPORT)
@require_http_methods(["GET", "POST"])
def fix_reject(request: StaffRequest, run_id: int, reject_id: int) -> HttpResponse:
    """One rejected row: what is masked is written anew or left; saved, it is tried at once."""
    reject = get_object_or_404(Reject.objects.select_related("run"), pk=reject_id, run_id=run_id)
    back = reverse("import-run", args=[run_id])
    if reject.resolved_at or reject.run.is_open:
        return refused(request, back, _("This row is already resolved."), events=["rejects:changed"])
    if request.method == "GET":
        return _row(request, reject)
    cells, _surplus = fixing.form_cells(reject)
    changes = {}
    for cell in cells:
        text = request.POST.get(f"c-{cell.name}", "")[:LONGEST].replace("\0", "")
        if f"clear-{cell.name}" in request.POST:
            changes[cell.name] = ""
        elif text or not cell.masked:
            changes[cell.name] = text
    try:
        with transaction.atomic():
            fixing.fix_row(reject.pk, changes, staff_id=request.user.pk)
            _taken, waiting = fixing.retry(reject.run, [reject.pk], now=clock.now())
    except fixing.NotWaiting:
        words = _("Someone else has just fixed or dismissed this row. Your values were not saved.")
        return refused(request, back, words, events=["rejects:changed"])
    if not waiting:
        return done(
            request,
            back,
            _("Line %(line)s imported.") % {"line": reject.line},
            events=["rejects:changed"],
        )
    return _row(request, Reject.objects.select_related("run").get(pk=waiting[0]), status=422)


def _row(request: HttpRequest, reject: Reject, status: int = 200) -> HttpResponse:
    cells, surplus = fixing.form_cells(reject)
    kind = kinds.get(reject.run.kind)
    context = {
        "title": _("Line %(line)s") % {"line": reject.line},
        "reject": reject,
        "run": reject.run,
        "cells": sorted(cells, key=lambda cell: not cell.why),
        "surplus": surplus,
        "reasons": messages.reasons(kind, reject),
    }
    return render_page(request, "imports/rejects/fix.html", context, status=status)


@allowed(IMPORT)
@require_POST
def export_masked(request: StaffRequest, run_id: int) -> StreamingHttpResponse:
    """What waits, as a file for whoever made it: line, column, value as anybody may see it, why.

    With `to_fix` the rows with all their columns, to be fixed and sent back.
    """
    require(request.user, EXPORT)
    run = get_object_or_404(ImportRun, pk=run_id)
    begun = export_log.begin(
        EXPORTED_MASKED, staff=request.user, now=clock.now(), query={"import": str(run.pk)}
    )
    if "to_fix" in request.POST:
        rows = _logged(begun, rows_to_fix(run, masked=True))
        return table_file(request, rows, f"rejects-{run.pk}-to-fix")
    return table_file(request, _logged(begun, _lines(run, kinds.get(run.kind))), f"rejects-{run.pk}")


def _logged(begun: Export, rows: Iterator[Sequence[object]]) -> Iterator[Sequence[object]]:
    yield next(rows)  # the headings
    yield from export_log.counted(begun, rows)


def _lines(run: ImportRun, kind: kinds.Kind) -> Iterator[Sequence[object]]:
    yield [_("Line"), _("Column"), _("Value"), _("Reason")]
    waiting = Reject.objects.filter(run=run, resolved_at=None).defer("row").order_by("line", "pk")
    line, key = -1, -1
    # The first condition bounds the index scan, the second one only breaks the tie.
    while found := waiting.filter(Q(line__gte=line) & (Q(line__gt=line) | Q(pk__gt=key)))[:SLICE]:
        for reject in found:
            yield [
                reject.line,
                messages.column_label(kind, reject.field),
                reject.value,
                messages.reasons_text(kind, reject),
            ]
        line, key = reject.line, reject.pk
