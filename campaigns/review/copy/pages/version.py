"""The page of a version: its text with findings, how it reads, what it was, and what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from campaigns.review.copy.check import is_checked_by, pack_of
from campaigns.review.copy.exceptions import pending
from campaigns.review.copy.pages.edit import get_version_or_404
from campaigns.review.copy.pages.shown import preview, preview_of, show_difference, show_text, tone_of
from campaigns.review.copy.rendering.samples import Sample
from campaigns.review.links import ASK
from campaigns.review.models import EDITABLE, CopyState, CopyVersion
from campaigns.review.permissions import SEE_COPY, WITHDRAW_COPY, WRITE_COPY
from crm.runtime import clock
from crm.staff.permissions import allowed, may
from crm.web.responses import StaffRequest, render_page


@allowed(SEE_COPY)
@require_safe
def version_page(request: StaffRequest, version_id: int) -> HttpResponse:
    """One version."""
    return version_response(request, get_version_or_404(version_id))


def version_response(
    request: StaffRequest,
    version: CopyVersion,
    *,
    samples: Sequence[Sample] = (),
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The page of a version, with samples that were just rendered."""
    findings = list(
        version.findings.select_related("justified_by", "accepted_by", "exception__granted_by").order_by("id")
    )
    is_open, now = version.state in EDITABLE, clock.now()
    context = {
        "version": version,
        "copy": version.copy,
        "tone": tone_of(version),
        "is_open": is_open,
        "is_sampled": version.sampled_revision == version.revision,
        "is_expired": bool(version.expires_at and version.expires_at <= now),
        "text": show_text(version, findings),
        "is_stale": version.state == CopyState.CHECKED
        and not is_checked_by(version, pack_of(version.language, now)),
        "unanswered": sum(not one.justification for one in findings),
        "asked": pending(version) if version.state == CopyState.SUBMITTED else {},
        "preview": preview_of(version),
        "samples": [(sample, preview(sample.shown)) for sample in samples],
        "difference": _difference(version),
        "opinions": version.opinions.select_related("by").order_by("-at", "-id"),
        "evidence": version.evidence.select_related("uploaded_by").order_by("id"),
        "ask": ASK.address(),
        "may_write": may(request.user, WRITE_COPY),
        "may_withdraw": may(request.user, WITHDRAW_COPY)
        and version.state not in (CopyState.REJECTED, CopyState.WITHDRAWN),
    }
    return render_page(request, "review/copy/version.html", context | more, status=status)


def _difference(version: CopyVersion) -> tuple[CopyVersion, SafeString] | None:
    """What changed since the version it was made from, else since the last one that was approved."""
    before = version.based_on or (
        CopyVersion.objects.filter(
            copy=version.copy_id,
            channel=version.channel,
            language=version.language,
            number__lt=version.number,
            decided_at__isnull=False,
        )
        .order_by("-number")
        .first()
    )
    if before is None:
        return None
    texts = ["\n".join(filter(None, (one.subject, one.body))) for one in (before, version)]
    return before, show_difference(*texts)
