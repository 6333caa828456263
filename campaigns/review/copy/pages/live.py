"""Findings as one types: the text of the form is checked, nothing is stored."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST

from campaigns.review.copy.check import as_rows, find, pack_of, risk_of
from campaigns.review.copy.errors import CopyRefused
from campaigns.review.copy.pages.copies import get_copy_or_404
from campaigns.review.copy.pages.forms import TextForm, VariableForms, declared
from campaigns.review.copy.pages.shown import preview_of, show_text
from campaigns.review.models import LONGEST_BODY, Copy, CopyVersion
from campaigns.review.permissions import WRITE_COPY
from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.staff.permissions import allowed
from crm.web.responses import StaffRequest


@allowed(WRITE_COPY)
@require_POST
def live_findings(request: StaffRequest) -> HttpResponse:
    """What the wording check finds in a text that is still written, with a preview."""
    copy = get_copy_or_404(request.POST.get("copy", ""))
    form, rows = TextForm(request.POST), VariableForms(request.POST, prefix="variables")
    given = request.POST
    version = CopyVersion(
        copy=copy,
        channel=given.get("channel", ""),
        language=given.get("language", ""),
        subject=given.get("subject", "").strip(),
        body=given.get("body", "").replace("\r\n", "\n").strip()[:LONGEST_BODY],
        variables=declared(rows) if rows.is_valid() else {},
    )
    known = form.fields["channel"].choices, form.fields["language"].choices  # type: ignore[attr-defined]
    is_complete = version.channel in dict(known[0]) and version.language in dict(known[1]) and version.body
    context = findings_of(version, copy) if is_complete else {}
    return TemplateResponse(request, "review/copy/live.html", context)


def findings_of(version: CopyVersion, copy: Copy) -> dict[str, Any]:
    """The text with its findings and its preview, or why it cannot be read."""
    now = clock.now()
    pack = pack_of(version.language, now)
    try:
        rows = as_rows(version, find(version, copy, pack, risk=risk_of(copy, now)), pack)
        return {"text": show_text(version, rows), "preview": preview_of(version), "pack": pack}
    except CopyRefused as error:
        return {"refusal": error_text(error)}
