"""The files that came in; one of them, how far it is, and what waits of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import DateTimeField, Exists, Func, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.imports import kinds
from crm.imports.fixing import fix as fixing
from crm.imports.models import COUNTS, ImportRun, Reject, took_none
from crm.imports.pages import messages
from crm.imports.pages.facts import run_facts
from crm.imports.permissions import IMPORT
from crm.imports.rejects.pending import waiting_rows
from crm.imports.runs.record import AlreadyOpen
from crm.imports.undo.sentences import outcome as undo_outcome
from crm.imports.undo.survey import why_not
from crm.imports.uploads import upload
from crm.runtime import clock
from crm.runtime.models import JobRun, QueueState
from crm.runtime.queue.finish import cancel
from crm.staff.models import Staff
from crm.staff.permissions import allowed, may
from crm.web.components import Progress
from crm.web.lists.keyset import Order
from crm.web.lists.paging import page_of
from crm.web.lists.tokens import parse_instant, parse_integer
from crm.web.notices import Level
from crm.web.permissions import EXPORT
from crm.web.responses import StaffRequest, done, refused, render_page, wants_part

NEWEST_FIRST = Order("started_at", parse_instant, nulls=False)
BY_LINE = Order("line", parse_integer, descending=False, nulls=False)
_WAITS = Exists(Reject.objects.filter(run=OuterRef("pk"), resolved_at=None))  # whether rows are to be fixed
QUIET = timedelta(minutes=2)  # without a sign of life, after which a running import is doubted


@allowed(IMPORT)
@require_GET
def imports_page(request: HttpRequest) -> HttpResponse:
    """The files that came in, the newest first."""
    runs = ImportRun.objects.select_related("item", "undo").annotate(waits=_WAITS)
    page = page_of(runs, NEWEST_FIRST, request.GET.get("after", ""))
    for run in page.rows:
        run.kind_label = messages.kind_label(run.kind)
    return render_page(request, "imports/runs/runs.html", {"page": page}, part="rows")


@allowed(IMPORT)
@require_GET
def import_run_page(request: StaffRequest, run_id: int) -> HttpResponse:
    """One file: what became of it, and what waits of it (values masked when they were kept)."""
    runs = ImportRun.objects.select_related("upload", "item", "undo").annotate(waits=_WAITS)
    run = get_object_or_404(runs, pk=run_id)
    rejects = Reject.objects.filter(run=run).defer("row")
    field, code = (request.GET.get(name, "").replace("\0", "") for name in ("field", "code"))
    chosen = (field, code)
    settled = request.GET.get("all") == "1"
    if not settled:
        rejects = rejects.filter(resolved_at=None)
    if chosen[1]:
        rejects = rejects.filter(field=chosen[0], code=chosen[1])
    page = page_of(rejects, BY_LINE, request.GET.get("after", ""))
    further = bool(request.GET.get("after")) and wants_part(request)
    kind = kinds.get(run.kind)
    for reject in page.rows:
        (reject.column, _value, reject.words), *reject.others = messages.reasons(kind, reject)
    context: dict[str, Any] = {"run": run, "page": page, "settled": settled}
    if further:
        return render_page(request, "imports/rejects/rows.html", context)
    return render_page(request, "imports/runs/run.html", context | _around(run, kind, chosen, request.user))


def _around(run: ImportRun, kind: kinds.Kind, chosen: tuple[str, str], staff: Staff) -> dict[str, Any]:
    """What the page says beside the rows."""
    waiting = fixing.reasons(run) if run.rejected and not run.dry_run else []
    shown = [
        {
            "column": messages.column_label(kind, one.field),
            "why": one.reason.said(),
            "rows": one.rows,
            "many": one.many,
            "field": one.field,
            "code": one.code,
            "current": chosen == (one.field, one.code),
            "one_column": one.field in kind.by_name,
        }
        for one in waiting
    ]
    author = Staff.objects.filter(pk=run.staff_id).first() if run.staff_id else None
    return {
        "sentence": messages.run_sentence(run),
        "undone": undo_outcome(run.undo) if hasattr(run, "undo") else "",
        "may_undo": (run.added or run.updated or run.fixed) and why_not(run, clock.now()) is None,
        "facts": run_facts(run, author),
        "progress": _progress(run) if run.is_open else None,
        "waiting": shown,
        "chosen": next((one for one in shown if one["current"]), None),
        "changed": waiting_rows(run, {"fix": "any"})[: fixing.COUNTED + 1].count() if waiting else 0,
        "faults": messages.faults(kind, run.faults) if run.dry_run else [],
        "shown": messages.shown(kind, run.shown),
        "may_export": may(staff, EXPORT),
        "kept": bool(run.upload and run.upload.removed_at is None and not run.replay_of_id),
    }


@allowed(IMPORT)
@require_GET
def progress_part(request: HttpRequest, run_id: int) -> HttpResponse:
    """How far an import is; once it is over, the whole page is to be read again."""
    run = get_object_or_404(ImportRun.objects.select_related("item", "undo"), pk=run_id)
    response = render_page(request, "imports/runs/progress.html", {"run": run, "progress": _progress(run)})
    if not run.is_open:
        response.headers["HX-Refresh"] = "true"
    return response


def _progress(run: ImportRun) -> Progress:
    """Bytes done of bytes in all, and the counts so far."""
    job = _job(run)
    counts = {name: job.detail.get(name, 0) for name in COUNTS} if job else dict.fromkeys(COUNTS, 0)
    words: list[str] = []
    if counts["read"]:
        words = [messages.result(counts), messages.pace(counts["read"], job.detail.get("took", 0))]
    elif job:
        words = [_("Rows are counted per batch. Importing the first batch.")]
    if took_none(counts):
        words.append(_("No rows imported so far. Stop the import and review the reasons."))
    if job and job.machine_now - job.heartbeat_at > QUIET:
        words.append(_("No heartbeat for two minutes. It resumes when a worker is available."))
    return Progress(
        messages.run_sentence(run),
        id="import-progress",
        total=job.total or 0 if counts["read"] else 0,
        done=job.done if job else 0,
        words=" · ".join(words),
        ended=not run.is_open,
        address=reverse("import-progress", args=[run.pk]),
        page=reverse("import-run", args=[run.pk]),
    )


def _job(run: ImportRun) -> Any:
    """The record of its progress, with the machine's own now that its heartbeat is to be compared with."""
    if not run.item or run.item.run_id is None or run.state != QueueState.RUNNING:
        return None
    clock_now = Func(function="clock_timestamp", output_field=DateTimeField())
    return JobRun.objects.filter(pk=run.item.run_id).annotate(machine_now=clock_now).first()


@allowed(IMPORT)
@require_POST
def cancel_import(request: HttpRequest, run_id: int) -> HttpResponse:
    """Ask an import to stop; one that still waits stops at once."""
    run = get_object_or_404(ImportRun, pk=run_id)
    back = reverse("import-run", args=[run.pk])
    stopped = cancel(run.item_id, clock.now()) if run.is_open and run.item_id else None
    if stopped is None:
        return refused(request, back, _("The import has already ended."))
    if stopped:
        return done(request, back, _("Stopped."))
    return done(request, back, _("Stopping after the current batch."), level=Level.INFO)


@allowed(IMPORT)
@require_POST
def repeat_import(request: StaffRequest, run_id: int) -> HttpResponse:
    """Take the file of a run in (again), as long as it is kept: after a dry run, a failure, a stop."""
    run = get_object_or_404(ImportRun.objects.select_related("upload"), pk=run_id)
    back = reverse("import-run", args=[run.pk])
    if run.upload is None or run.upload.removed_at or run.replay_of_id:
        return refused(request, back, _("The file is no longer stored. Upload it again."))
    try:
        again = upload.start(run.upload, dry_run=False, staff_id=request.user.pk, now=clock.now())
    except AlreadyOpen:
        return refused(request, back, _("This file is already being imported."))
    return done(request, reverse("import-run", args=[again.pk]), _("Running in the background."))
