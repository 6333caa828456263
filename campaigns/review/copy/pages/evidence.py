"""Attach, download and remove evidence of a version."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns.review.copy.errors import CopyRefused
from campaigns.review.copy.evidence import attach, detach, read
from campaigns.review.copy.pages.edit import get_version_or_404
from campaigns.review.copy.pages.version import version_response
from campaigns.review.models import Evidence
from campaigns.review.permissions import SEE_COPY, WRITE_COPY
from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.staff.permissions import allowed
from crm.web.responses import StaffRequest


@allowed(WRITE_COPY)
@require_POST
def attach_file(request: StaffRequest, version_id: int) -> HttpResponse:
    """Store the file of the form with the version."""
    version, upload = get_version_or_404(version_id), request.FILES.get("file")
    refusal = _("Choose a file.")
    if upload is not None:
        try:
            attach(version_id, upload, note=request.POST.get("note", ""), staff=request.user, now=clock.now())
            messages.success(request, _("File attached."))
            return _back(version_id)
        except CopyRefused as error:
            refusal = error_text(error)
    return version_response(request, version, status=422, refusal=refusal)


@allowed(SEE_COPY)
@require_safe
def download(request: StaffRequest, evidence_id: int) -> HttpResponse:
    """The file, which no browser opens in place."""
    evidence = _get_or_404(evidence_id)
    response = HttpResponse(read(evidence), content_type=evidence.content_type)
    response["Content-Disposition"] = content_disposition_header(True, evidence.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@allowed(WRITE_COPY)
@require_POST
def remove(request: StaffRequest, evidence_id: int) -> HttpResponse:
    """Remove the file from its open version."""
    evidence = _get_or_404(evidence_id)
    try:
        detach(evidence_id, staff=request.user)
    except CopyRefused as error:
        version = get_version_or_404(evidence.version_id)
        return version_response(request, version, status=422, refusal=error_text(error))
    messages.success(request, _("File removed."))
    return _back(evidence.version_id)


def _get_or_404(evidence_id: int) -> Evidence:
    evidence = Evidence.objects.filter(pk=evidence_id).first()
    if evidence is None:
        raise Http404(str(evidence_id))
    return evidence


def _back(version_id: int) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('copy-version', args=[version_id])}#evidence")
