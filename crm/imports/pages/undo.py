"""Undoing a whole import: what it would take back and leave, requested by one, approved by another."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.imports.models import ImportRun
from crm.imports.pages import messages
from crm.imports.permissions import IMPORT
from crm.imports.undo import request as undoing
from crm.imports.undo import sentences
from crm.imports.undo.survey import survey, why_not
from crm.runtime import clock
from crm.runtime.errors import CodedError, error_text
from crm.staff.models import Request, RequestState
from crm.staff.permissions import DECIDE_REQUEST, allowed, may, require
from crm.web.ids import id_or_none
from crm.web.responses import StaffRequest, done, render_page


@allowed(DECIDE_REQUEST)
@require_http_methods(["GET", "POST"])
def undo_import(request: StaffRequest) -> HttpResponse:
    """What the undo of ?run= would do now; sent with a reason, it is requested."""
    number = id_or_none(request.GET.get("run", ""))
    if not number:
        raise Http404
    run = get_object_or_404(ImportRun.objects.select_related("item", "undo"), pk=number)
    now, fault, reason = clock.now(), "", request.POST.get("reason", "")
    may_import = may(request.user, IMPORT)
    if request.method == "POST":
        require(request.user, IMPORT)
        try:
            undoing.propose(run, reason=reason, maker=request.user, now=now)
        except CodedError as error:
            fault = error_text(error)
        else:
            words = _("Submitted for approval. Nothing changes until it is approved.")
            return done(request, reverse("import-run", args=[run.pk]), words)
    refusal = why_not(run, now)
    found = None if refusal else survey(run)
    context = {
        "run": run,
        "kind": messages.kind_label(run.kind),
        "refusal": sentences.ERRORS[refusal] if refusal else "",
        "lines": sentences.survey_lines(found) if found else [],
        "possible": bool(found and (found.restores or found.removes)),
        "limits": sentences.limits(),
        "pending": is_pending(run),
        "may_import": may_import,
        "fault": fault,
        "reason": reason,
    }
    return render_page(request, "imports/undo.html", context, status=422 if fault else 200)


def is_pending(run: ImportRun) -> bool:
    """Whether somebody has asked for the undo and nobody has decided yet."""
    waiting = Request.objects.filter(kind=undoing.KIND, state=RequestState.PENDING)
    return waiting.filter(proposal__run=run.pk, expires_at__gt=clock.now()).exists()
