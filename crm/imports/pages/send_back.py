"""Rejected rows that somebody fixed in a file, sent back for a worker to retry."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from crm.imports.errors.file_errors import FileRejected
from crm.imports.models import ImportRun
from crm.imports.pages import messages
from crm.imports.pages.receiving import CUT_OFF, receive
from crm.imports.permissions import IMPORT
from crm.imports.runs.record import AlreadyOpen
from crm.imports.uploads.receive import EncryptedUpload, EncryptingUploadHandler
from crm.imports.uploads.send_back import send_back
from crm.runtime import clock
from crm.staff.permissions import allowed
from crm.web.responses import StaffRequest, done, refused


# The file is sealed while it is read, so the handler must be set before the token of the form is looked for.
@csrf_exempt
@allowed(IMPORT)
@require_POST
def receive_fixed(request: StaffRequest, run_id: int) -> HttpResponse:
    """Take the rows of a file that rejects.csv gave to be fixed; a worker retries them."""
    run = get_object_or_404(ImportRun, pk=run_id)
    back = reverse("import-run", args=[run.pk])

    def answer(request: StaffRequest, handler: EncryptingUploadHandler) -> HttpResponse:
        return _receive(request, handler, run)

    return receive(request, answer, lambda words, _status: refused(request, back, words))


@csrf_protect
def _receive(request: StaffRequest, handler: EncryptingUploadHandler, run: ImportRun) -> HttpResponse:
    back, whole = reverse("import-run", args=[run.pk]), "whole" in request.POST  # which reads the file
    file = handler.received
    wrong = _wrong(file, run) or ("" if whole else str(CUT_OFF))
    if file is None or wrong:
        return refused(request, back, wrong or CUT_OFF)
    try:
        again = send_back(
            run,
            file=file.sealed,
            filename=file.name or "",
            size=file.size or 0,
            staff_id=request.user.pk,
            now=clock.now(),
        )
    except FileRejected as error:
        return refused(request, back, error.reason.said())
    except AlreadyOpen:
        return refused(request, back, _("These rows are already being retried."))
    handler.keep()
    return done(request, reverse("import-run", args=[again.pk]), _("Running in the background."))


def _wrong(file: EncryptedUpload | None, run: ImportRun) -> str:
    """Why what arrived cannot be used; empty where it can."""
    if run.is_open:
        return _("The import is still running.")
    if file is None or not file.size:
        return _("Choose a file.")
    if file.too_large:
        limit = messages.size(settings.UPLOAD_LIMIT)
        return _("The file is larger than %(limit)s. Split or compress it.") % {"limit": limit}
    return ""
