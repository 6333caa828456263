"""What a maker does with a version: check it, answer findings, render samples, submit, go on, withdraw."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns.review.copy.check import check_version
from campaigns.review.copy.errors import CopyRefused
from campaigns.review.copy.pages.edit import get_version_or_404
from campaigns.review.copy.pages.version import version_response
from campaigns.review.copy.rendering.samples import sample_version
from campaigns.review.copy.submit import justify, submit
from campaigns.review.copy.withdraw import withdraw
from campaigns.review.copy.write import next_version
from campaigns.review.models import CopyFinding
from campaigns.review.permissions import WITHDRAW_COPY, WRITE_COPY
from crm.runtime import clock
from crm.runtime.errors import CodedError, error_text
from crm.staff.permissions import allowed
from crm.staff.privacy.access_log import ReasonMissing
from crm.web.responses import StaffRequest


@allowed(WRITE_COPY)
@require_POST
def act(request: StaffRequest, version_id: int) -> HttpResponse:
    """`do` is one of check, sample, submit and next."""
    version = get_version_or_404(version_id)
    deed = _DEEDS.get(request.POST.get("do", ""))
    if deed is None:
        return version_response(request, version, status=400)
    try:
        return deed(request, version_id)
    except CopyRefused as error:
        return _refused(request, version_id, error)


@allowed(WRITE_COPY)
@require_POST
def answer_finding(request: StaffRequest, finding_id: int) -> HttpResponse:
    """Store the maker's answer to a finding."""
    finding = CopyFinding.objects.filter(pk=finding_id).first()
    version = get_version_or_404(finding.version_id if finding else 0)
    try:
        justify(finding_id, request.POST.get("words", ""), staff=request.user, now=clock.now())
    except (CopyRefused, ReasonMissing) as error:
        return _refused(request, version.pk, error)
    messages.success(request, _("Answer saved."))
    return HttpResponseRedirect(f"{reverse('copy-version', args=[version.pk])}#findings")


@allowed(WITHDRAW_COPY)
@require_POST
def withdraw_version(request: StaffRequest, version_id: int) -> HttpResponse:
    """Withdraw a version at once, with a reason."""
    get_version_or_404(version_id)
    try:
        withdraw(version_id, staff=request.user, reason=request.POST.get("reason", ""), now=clock.now())
    except (CopyRefused, ReasonMissing) as error:
        return _refused(request, version_id, error)
    messages.success(request, _("Withdrawn. It can no longer be sent."))
    return _back(version_id)


def _check(request: StaffRequest, version_id: int) -> HttpResponse:
    version = check_version(version_id, staff=request.user, now=clock.now())
    pack = f"{version.pack_name} {version.pack_version}"
    if count := version.findings.count():
        messages.warning(
            request, _("Findings by rule pack %(pack)s: %(count)s.") % {"pack": pack, "count": count}
        )
    else:
        messages.success(request, _("No finding by rule pack %(pack)s.") % {"pack": pack})
    return _back(version_id)


def _sample(request: StaffRequest, version_id: int) -> HttpResponse:
    samples = sample_version(version_id, staff=request.user, now=clock.now())
    return version_response(request, get_version_or_404(version_id), samples=samples)


def _submit(request: StaffRequest, version_id: int) -> HttpResponse:
    submit(version_id, staff=request.user, now=clock.now())
    messages.success(request, _("Submitted for review. It can no longer be edited."))
    return _back(version_id)


def _next(request: StaffRequest, version_id: int) -> HttpResponse:
    version = next_version(get_version_or_404(version_id), maker=request.user, now=clock.now())
    messages.success(request, _("New draft created from this version."))
    return HttpResponseRedirect(reverse("copy-edit", args=[version.pk]))


_DEEDS: dict[str, Callable[[StaffRequest, int], HttpResponse]] = {
    "check": _check,
    "sample": _sample,
    "submit": _submit,
    "next": _next,
}


def _back(version_id: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("copy-version", args=[version_id]))


def _refused(request: StaffRequest, version_id: int, error: CodedError) -> HttpResponse:
    return version_response(request, get_version_or_404(version_id), status=422, refusal=error_text(error))
