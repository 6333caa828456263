"""The list of copy, and the page of one: what it is about and its versions by channel and language."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaigns.review.copy.pages.shown import tone_of
from campaigns.review.models import OPEN, Copy, CopyState, CopyVersion, Theme
from campaigns.review.permissions import SEE_COPY, WRITE_COPY
from crm.runtime import clock
from crm.staff.permissions import allowed, may
from crm.web.components import tabs
from crm.web.responses import StaffRequest, render_page
from members.lifecycle.models import Stage

SHOWN = 200  # pieces of copy on the list
_VIEWS = {
    "": Q(),
    "draft": Q(state__in=(CopyState.DRAFT, CopyState.CHECKED)),
    "review": Q(state=CopyState.SUBMITTED),
    "approved": Q(state=CopyState.APPROVED, lapsed_at=None),
    "lapsed": Q(lapsed_at__isnull=False) & ~Q(state=CopyState.WITHDRAWN),
    "declined": Q(state__in=(CopyState.RETURNED, CopyState.REJECTED)),
}


@allowed(SEE_COPY)
@require_safe
def copies_page(request: StaffRequest) -> HttpResponse:
    """All copy, by name; `?view=` by the state of a version, `?stage=` and `?theme=` of the matrix."""
    view = request.GET.get("view", "")
    copies = _filtered(request)
    if condition := _VIEWS.get(view, Q()):
        copies = copies.filter(Exists(CopyVersion.objects.filter(condition, copy=OuterRef("pk"))))
    found = list(copies.order_by("name", "code")[: SHOWN + 1])
    labels = (_("All"), _("Drafts"), _("Under review"), _("Approved"), _("Lapsed"), _("Returned or rejected"))
    context = {
        "copies": [(copy, _latest(versions)) for copy, versions in _with_versions(found[:SHOWN])],
        "has_more": len(found) > SHOWN,
        "tabs": tabs(zip(_VIEWS, labels, strict=True), view, request.GET, name="view"),
        "filters": _filter_words(request),
        "may_write": may(request.user, WRITE_COPY),
    }
    return render_page(request, "review/copy/copies.html", context)


@allowed(SEE_COPY)
@require_safe
def copy_page(request: StaffRequest, code: str) -> HttpResponse:
    """One copy with all its versions."""
    copy = get_copy_or_404(code)
    versions = list(
        copy.versions.select_related("maker", "checker").order_by("channel", "language", "-number")
    )
    places = [
        (list(group), key) for key, group in groupby(versions, key=lambda one: (one.channel, one.language))
    ]
    context: dict[str, Any] = {
        "copy": copy,
        "stages": [Stage(stage).label for stage in copy.stages],
        "places": [
            {
                "versions": [(one, tone_of(one)) for one in group],
                "label": f"{group[0].get_channel_display()} · {group[0].get_language_display()}",
                "has_open": any(one.state in OPEN for one in group),
            }
            for group, _key in places
        ],
        "may_write": may(request.user, WRITE_COPY),
        "now": clock.now(),
    }
    return render_page(request, "review/copy/copy.html", context)


def get_copy_or_404(code: str) -> Copy:
    """Raises Http404."""
    copy = Copy.objects.select_related("product", "owner").filter(code=code).first()
    if copy is None:
        raise Http404(code)
    return copy


def _filtered(request: HttpRequest) -> QuerySet[Copy]:
    copies = Copy.objects.select_related("product")
    if (stage := request.GET.get("stage", "")) in Stage.values:
        copies = copies.filter(stages__contains=[stage])
    if (theme := request.GET.get("theme", "")) in Theme.values:
        copies = copies.filter(theme=theme)
    return copies


def _filter_words(request: HttpRequest) -> list[str]:
    known = {**dict(Stage.choices), **dict(Theme.choices)}
    return [str(known[key]) for name in ("stage", "theme") if (key := request.GET.get(name, "")) in known]


def _with_versions(copies: list[Copy]) -> list[tuple[Copy, list[CopyVersion]]]:
    versions = CopyVersion.objects.filter(copy__in=copies).defer("body", "variables")
    by_copy: dict[int, list[CopyVersion]] = {copy.pk: [] for copy in copies}
    for one in versions.order_by("channel", "language", "-number"):
        by_copy[one.copy_id].append(one)
    return [(copy, by_copy[copy.pk]) for copy in copies]


def _latest(versions: Iterable[CopyVersion]) -> list[tuple[CopyVersion, str]]:
    """Of each channel and language the latest version, and the one that is approved."""
    shown: list[CopyVersion] = []
    for _key, group in groupby(versions, key=lambda one: (one.channel, one.language)):
        latest, *earlier = group
        shown.append(latest)
        shown += [one for one in earlier if one.state == CopyState.APPROVED and not one.lapsed_at]
    return [(one, tone_of(one)) for one in shown]
