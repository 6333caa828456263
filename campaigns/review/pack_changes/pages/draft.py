"""The draft of a pack: what it changes, its trial on stored copy, and its proposal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from campaigns.review.models import CopyVersion, PackDraft, PackTrial
from campaigns.review.pack_changes import draft, publish_version, trial
from campaigns.review.pack_changes.draft import RulesRefused
from campaigns.review.pack_changes.sentences import (
    category_label,
    difference_line,
    expected,
    severity_label,
)
from campaigns.review.permissions import CHANGE_RULES, SEE_RULES
from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.runtime.queue.enqueue import wake
from crm.runtime.text.fields import NormalTextField
from crm.staff.four_eyes.requests import AlreadyProposed
from crm.staff.permissions import allowed, may, require
from crm.staff.privacy.access_log import ReasonMissing
from crm.web.components import Progress
from crm.web.forms.day_input import DayInput
from crm.web.jobs.liveness import liveness
from crm.web.responses import StaffRequest, done, refused, render_page, wants_part

SHOWN, SHOWN_FAILED = 50, 20  # texts and examples of a trial


class ProposalForm(forms.Form):
    effective_from = forms.DateField(label=gettext_lazy("Effective from"), widget=DayInput)
    reason = NormalTextField(
        label=gettext_lazy("Reason"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, day: date, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        self.fields["effective_from"].initial = day
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"


@allowed(SEE_RULES)
@require_http_methods(["GET", "HEAD", "POST"])
def pack_draft(request: StaffRequest, pack: str) -> HttpResponse:
    """The draft: try it on stored copy, submit it for approval, or give it up (POST `do`)."""
    made, now = draft.open_draft(pack), clock.now()
    if made is None:
        raise Http404
    form = ProposalForm(max(made.effective_from, clock.day_of(now)), request.POST or None)
    if request.method != "POST":
        return _show(request, made, form, now)
    require(request.user, CHANGE_RULES)
    try:
        return _do(request, made, form, now)
    except ReasonMissing as error:
        form.add_error("reason", error_text(error))
    except (RulesRefused, AlreadyProposed) as error:
        form.add_error(None, error_text(error))
    return _show(request, made, form, now, status=422)


def _do(request: StaffRequest, made: PackDraft, form: ProposalForm, now: datetime) -> HttpResponse:
    deed, given = request.POST.get("do", ""), request.POST.get("revision", "")
    revision = int(given) if given.isdecimal() and len(given) < 9 else 0
    back = f"{reverse('wording-rules')}?pack={made.name}"
    if deed == "discard":
        draft.discard(made.name, revision=revision, staff=request.user)
        return done(request, back, _("The draft was discarded."))
    if deed == "try":
        found = trial.request_trial(made, staff=request.user, now=now)
        if not trial.run_if_few(found, now):
            wake(trial.KIND)
        return HttpResponseRedirect(f"{request.path}#trial", status=303)
    if deed != "propose":
        return refused(request, request.path, _("Unknown action."))
    if not form.is_valid():
        return _show(request, made, form, now, status=422)
    publish_version.propose(
        made,
        effective_from=form.cleaned_data["effective_from"],
        reason=form.cleaned_data["reason"],
        maker=request.user,
        revision=revision,
        now=now,
    )
    messages.success(request, _("Submitted for approval. Nothing changes until it is approved."))
    return HttpResponseRedirect(f"{back}#requests")


def _show(
    request: StaffRequest, made: PackDraft, form: ProposalForm, now: datetime, status: int = 200
) -> HttpResponse:
    diff = publish_version.changes_as_diff(made.base, made.changes)
    found = PackTrial.objects.filter(content_hash=trial.trial_key(made.base, made.changes)).last()
    context = {
        "pack": made.base,
        "draft": made,
        "changes": [difference_line(name, *pair) for name, pair in diff.items()],
        "has_changes": draft.has_changes(made),
        "form": form,
        "trial": found,
        "may_change": may(request.user, CHANGE_RULES),
        "can_be_proposed": trial.is_valid(found, now),
        "back": f"{reverse('wording-rules')}?pack={made.name}",
        **_trial(found, request.path),
    }
    template = "review/rules/trial.html" if wants_part(request) else "review/rules/draft.html"
    return render_page(request, template, context, status=status)


def _trial(found: PackTrial | None, address: str) -> dict[str, Any]:
    """What a trial shows: its progress, or what it found."""
    if found is None or found.result is None:
        if found is None or found.finished_at:
            return {}
        alive = liveness()
        progress = Progress(
            _("Trying the draft on stored copy") if found.total else _("Queued"),
            id="trial-progress",
            done=found.done,
            total=found.total or 0,
            words="" if alive.good else alive.words,
            address=address,
            page=address,
        )
        return {"progress": progress}
    shown: Sequence[Mapping[str, Any]] = found.result["shown"][:SHOWN]
    versions = CopyVersion.objects.select_related("copy").in_bulk([one["version"] for one in shown])
    rows = [
        (versions[one["version"]], _spans(one["added"]), _spans(one["released"]))
        for one in shown
        if one["version"] in versions
    ]
    failed = [(text, expected(*kind), told) for text, *kind, told in found.result["failed"][:SHOWN_FAILED]]
    return {"result": found.result, "rows": rows, "failed": failed}


def _spans(found: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, str, str]]:
    """(text, category, severity, tone) of findings."""
    tones = {"block": "bad", "require_disclosure": "warn"}
    return [
        (
            one["text"] or _("Whole text"),
            category_label(one["category"]),
            severity_label(one["severity"]),
            tones.get(one["severity"], ""),
        )
        for one in found
    ]
