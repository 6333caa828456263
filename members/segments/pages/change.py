"""Create, edit, delete and restore segments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.staff.permissions import allowed
from crm.web.components import tabs
from crm.web.notices import Undo
from crm.web.responses import StaffRequest, done_and_reload, refused, render_page
from members.rules.language.errors import BadRule, BadRules
from members.segments.builder.builder import Builder, from_form
from members.segments.builder.preview.context import preview_context
from members.segments.change.delete import delete_segment, restore_segment
from members.segments.change.refusals import Refusal, SegmentRefused
from members.segments.change.save import create_segment, save_version
from members.segments.keeping.clean import KEPT
from members.segments.models import Kind, Segment
from members.segments.pages.forms import SegmentForm, builder_of, with_rule
from members.segments.permissions import MANAGE_SEGMENTS
from members.segments.ready_made import READY_MADE, by_key, offered_to
from members.segments.visibility import deleted_segments, get_visible_or_404


@allowed(MANAGE_SEGMENTS)
@require_http_methods(["GET", "POST"])
def new_segment(request: StaffRequest) -> HttpResponse:
    """The form for a new segment of a kind, empty or as a ready-made one; sent, it leads to the segment."""
    asked = request.GET.get("kind", "")
    kind = Kind(asked) if asked in Kind.values else Kind.RULE
    ready_made = by_key(request.GET.get("from", ""))
    if request.method == "GET":
        given: Mapping[str, Any] = _of_ready_made(ready_made) if ready_made else {}
        initial = {"as_of": clock.day_of(clock.now()), **given}
        rule = request.GET.get("rule") or (ready_made.rule if ready_made else "")
        return _new(request, SegmentForm(kind, initial=initial), builder_of(rule, request.user))
    builder = from_form(request.POST, request.user)
    if builder.stepped:
        return _new(request, SegmentForm(kind, initial=request.POST.dict()), builder)
    form = SegmentForm(kind, with_rule(request.POST, builder))
    if form.is_valid() and builder.is_complete:
        now = clock.now()
        try:
            draft = form.draft(now, ready_made.key if ready_made else "")
            segment = create_segment(draft, staff=request.user, now=now)
        except (BadRules, BadRule, SegmentRefused) as error:
            _refuse(form, error)
        else:
            to = "segment-upload" if kind == Kind.LIST else "segment"
            return HttpResponseRedirect(reverse(to, args=[segment.pk]), status=303)
    return _new(request, form, builder, status=422)


def _of_ready_made(one: Any) -> Mapping[str, Any]:
    return {"name": str(one.name), "why": str(one.why)}


def _new(request: StaffRequest, form: SegmentForm, builder: Builder, *, status: int = 200) -> HttpResponse:
    kind = form.kind
    parameters = request.GET.copy()
    parameters.pop("from", None)
    context = {
        "form": form,
        "kind": kind,
        "tabs": tabs(Kind.choices, kind, parameters, name="kind"),
        "ready_made": offered_to(request.user) if kind != Kind.LIST else [],
        "number": len(READY_MADE),
        **_built(request, form, builder, "segments/new_actions.html"),
    }
    return render_page(request, "segments/new.html", context, status=status)


@allowed(MANAGE_SEGMENTS)
@require_http_methods(["GET", "POST"])
def edit_segment(request: StaffRequest, segment_id: int) -> HttpResponse:
    """The form for another version of a segment."""
    segment = get_visible_or_404(segment_id, request.user)
    kind = Kind.LIST if segment.kind == Kind.FROZEN else Kind(segment.kind)  # what is frozen keeps its rule
    if request.method == "GET":
        initial = {"name": segment.name, "why": segment.why, "version": segment.version}
        rule = request.GET.get("rule") or segment.rule  # as it was edited, for who comes back to the page
        return _edit(request, segment, SegmentForm(kind, initial=initial), builder_of(rule, request.user))
    builder = from_form(request.POST, request.user)
    if builder.stepped:
        return _edit(request, segment, SegmentForm(kind, initial=request.POST.dict()), builder)
    form = SegmentForm(kind, with_rule(request.POST, builder))
    form.kind = Kind(segment.kind)
    if form.is_valid() and builder.is_complete:
        now = clock.now()
        try:
            version = form.cleaned_data["version"] or 0
            save_version(segment.pk, form.draft(now), version=version, staff=request.user, now=now)
        except (BadRules, BadRule, SegmentRefused) as error:
            _refuse(form, error)
        else:
            return done_and_reload(request, reverse("segment", args=[segment.pk]), _("Saved."))
    return _edit(request, segment, form, builder, status=422)


def _edit(
    request: StaffRequest, segment: Segment, form: SegmentForm, builder: Builder, *, status: int = 200
) -> HttpResponse:
    context = {"segment": segment, **_built(request, form, builder, "segments/edit_actions.html")}
    return render_page(request, "segments/edit.html", context, status=status)


def _built(request: StaffRequest, form: SegmentForm, builder: Builder, actions: str) -> dict[str, Any]:
    """The form and, where its kind has a rule, the builder; without script a step brings the preview, too."""
    context = {"form": form, "actions": actions}
    if "rule" not in form.fields:
        return context
    builder.strict = builder.strict or form.is_bound
    previewed = preview_context(builder, clock.now()) if request.method == "POST" else {}
    return {**context, "builder": builder, **previewed}


def _refuse(form: SegmentForm, error: BadRules | BadRule | SegmentRefused) -> None:
    """Say in the form why nothing was saved: mistakes of the rule with their paths."""
    mistakes = error.mistakes if isinstance(error, BadRules) else (error,)
    for one in mistakes:
        if isinstance(one, BadRule):
            form.add_error("rule", f"{one.path}: {error_text(one)}")
        else:
            form.add_error(None, error_text(one))


@allowed(MANAGE_SEGMENTS)
@require_POST
def delete(request: StaffRequest, segment_id: int) -> HttpResponse:
    """Delete a segment that nobody uses; the notice offers to undo it."""
    segment = get_visible_or_404(segment_id, request.user)
    try:
        delete_segment(segment.pk, staff=request.user, now=clock.now())
    except Segment.DoesNotExist as error:
        raise Http404 from error
    except SegmentRefused as error:
        return refused(request, reverse("segment", args=[segment.pk]), error_text(error))
    undo = Undo(reverse("segment-restore", args=[segment.pk]))
    words = _("“%(name)s” deleted.") % {"name": segment.name}
    return done_and_reload(request, reverse("segments"), words, undo=undo)


@allowed(MANAGE_SEGMENTS)
@require_POST
def restore(request: StaffRequest, segment_id: int) -> HttpResponse:
    """Undo a deletion."""
    now = clock.now()
    if segment_id not in {one.pk for one in deleted_segments(request.user, since=now - KEPT)}:
        words = error_text(SegmentRefused(Refusal.NOT_DELETED))  # the same where it is hidden, or never was
        return refused(request, reverse("segments"), words)
    try:
        segment = restore_segment(segment_id, staff=request.user, now=now)
    except SegmentRefused as error:
        return refused(request, reverse("segments"), error_text(error))
    words = _("“%(name)s” restored.") % {"name": segment.name}
    return done_and_reload(request, reverse("segment", args=[segment.pk]), words)
