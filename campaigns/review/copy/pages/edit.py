"""Write a version: its text, its variables, and what is found in it as one types."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaigns.review.copy.errors import CopyRefused
from campaigns.review.copy.pages.copies import get_copy_or_404
from campaigns.review.copy.pages.forms import (
    TextForm,
    VariableForms,
    initial_text,
    initial_variables,
    text_of_forms,
)
from campaigns.review.copy.pages.live import findings_of
from campaigns.review.copy.write import create_version, edit_version
from campaigns.review.models import EDITABLE, Copy, CopyChannel, CopyLanguage, CopyVersion
from campaigns.review.permissions import WRITE_COPY
from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.staff.permissions import allowed
from crm.web.responses import StaffRequest, render_page


@allowed(WRITE_COPY)
@require_http_methods(["GET", "HEAD", "POST"])
def new_version(request: StaffRequest, code: str) -> HttpResponse:
    """The form of a first version for a channel and language."""
    return _answer(request, get_copy_or_404(code), None)


@allowed(WRITE_COPY)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_version_page(request: StaffRequest, version_id: int) -> HttpResponse:
    """The form of an open version; what can no longer be edited leads back to its page."""
    version = get_version_or_404(version_id)
    if version.state not in EDITABLE:
        return HttpResponseRedirect(reverse("copy-version", args=[version_id]))
    return _answer(request, version.copy, version)


def get_version_or_404(version_id: int) -> CopyVersion:
    """The version with its copy, product and people. Raises Http404."""
    related = ("copy__product", "maker", "last_editor", "checker", "based_on")
    version = CopyVersion.objects.select_related(*related).filter(pk=version_id).first()
    if version is None:
        raise Http404(str(version_id))
    return version


def _answer(request: StaffRequest, copy: Copy, version: CopyVersion | None) -> HttpResponse:
    if request.method != "POST":
        initial = initial_text(version, version.revision) if version else _first(request)
        form = TextForm(version=version, initial=initial)
        rows = VariableForms(
            initial=initial_variables(version.variables) if version else [], prefix="variables"
        )
        return _page(request, copy, version, form, rows)
    form = TextForm(request.POST, version=version)
    rows = VariableForms(request.POST, prefix="variables")
    if form.is_valid() and rows.is_valid():
        try:
            kept = _keep(request, copy, version, form, rows)
            messages.success(request, _("Draft saved."))
            return HttpResponseRedirect(reverse("copy-version", args=[kept.pk]))
        except CopyRefused as error:
            form.add_error(None, error_text(error))
    return _page(request, copy, version, form, rows, status=422)


def _keep(
    request: StaffRequest, copy: Copy, version: CopyVersion | None, form: TextForm, rows: Any
) -> CopyVersion:
    text, now = text_of_forms(form, rows), clock.now()
    if version is None:
        return create_version(copy, text, maker=request.user, now=now)
    revision = form.cleaned_data["revision"] or 0
    return edit_version(version.pk, text, revision=revision, editor=request.user, now=now)


def _first(request: StaffRequest) -> dict[str, str]:
    channel, language = request.GET.get("channel", ""), request.GET.get("language", "")
    return {
        "channel": channel if channel in CopyChannel.values else CopyChannel.SMS,
        "language": language if language in CopyLanguage.values else CopyLanguage.CHINESE,
    }


def _page(
    request: StaffRequest,
    copy: Copy,
    version: CopyVersion | None,
    form: TextForm,
    rows: Any,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {"copy": copy, "version": version, "form": form, "rows": rows}
    if version is not None and request.method != "POST":
        context |= findings_of(version, copy)
    return render_page(request, "review/copy/edit.html", context, status=status)
