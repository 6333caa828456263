"""The questionnaire as it is set: questions, scores, classes, versions, and proposals of another version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.runtime.text.local_names import reads_english
from crm.staff.four_eyes import inbox
from crm.staff.four_eyes.requests import AlreadyProposed
from crm.staff.links import REQUESTS
from crm.staff.permissions import SEE_REQUESTS, allowed, may, require
from crm.staff.privacy.access_log import ReasonMissing
from crm.web.responses import StaffRequest, render_page
from members.profiles.models import Questionnaire, RiskClass
from members.profiles.operator_role import Feature, may_offer
from members.profiles.permissions import CHANGE_QUESTIONNAIRES, SEE_QUESTIONNAIRES
from members.profiles.questionnaires.pages.form import Question, VersionForm, changed, read_questions
from members.profiles.questionnaires.sentences.refusals import mistake_text
from members.profiles.questionnaires.versions import change
from members.profiles.questionnaires.versions.definition import Definition, Kind
from members.profiles.questionnaires.versions.ready_made import ready_made
from members.profiles.questionnaires.versions.stored import all_versions, definition_of, latest

SHOWN_REQUESTS = 5


@dataclass(frozen=True)
class ShownVersion:
    """A version with its questions in the reader's language."""

    version: Questionnaire
    definition: Definition
    is_in_force: bool

    @property
    def questions(self) -> list[tuple[str, Kind, list[tuple[str, int, str]]]]:
        """(text, kind, [(option, score, highest class or empty)])."""
        language = "en" if reads_english() else "zh"
        return [
            (one.text[language], one.kind, [(o.text[language], o.score, o.most) for o in one.options])
            for one in self.definition.questions
        ]


@allowed(SEE_QUESTIONNAIRES)
@require_GET
def questionnaire_settings(request: StaffRequest) -> HttpResponse:
    """The version in force (or the next one), all versions, and the requests for another. Six queries."""
    now = clock.now()
    versions = all_versions()
    context: dict[str, Any] = {
        "shown": _shown(versions, clock.day_of(now)),
        "versions": versions,
        "today": clock.day_of(now),
        "is_offered": may_offer(Feature.RISK_QUESTIONNAIRE),
        "may_change": may(request.user, CHANGE_QUESTIONNAIRES),
        "all_requests": REQUESTS.address(),
        "back": reverse("questionnaires"),
        "requests": None,
    }
    if may(request.user, SEE_REQUESTS):
        rows = inbox.visible(request.user).filter(kind=change.KIND).order_by("-made_at")[:SHOWN_REQUESTS]
        context["requests"] = inbox.shown_all(rows, request.user, now)
    return render_page(request, "profiles/questionnaires/settings/settings.html", context)


def _shown(versions: Sequence[Questionnaire], today: date) -> ShownVersion | None:
    in_force = next((one for one in versions if one.effective_from <= today), None)
    version = in_force or (versions[0] if versions else None)
    return ShownVersion(version, definition_of(version), version is in_force) if version else None


@allowed(CHANGE_QUESTIONNAIRES)
@require_http_methods(["GET", "HEAD", "POST"])
def change_questionnaire(request: StaffRequest) -> HttpResponse:
    """Draft another version, beginning with the latest one, or with the ready-made questionnaire."""
    now, base = clock.now(), latest()
    values = {name: getattr(base, name) for name in change.FIELDS} if base else ready_made()
    first_day = max(clock.day_of(now), base.effective_from) if base else clock.day_of(now)
    if request.method != "POST":
        return _form_page(request, VersionForm(values, first_day), values["questions"], base)
    require(request.user, CHANGE_QUESTIONNAIRES)
    form = VersionForm(values, first_day, request.POST)
    questions = read_questions(request.POST)
    do = request.POST.get("do", "")
    if do != "propose":
        unsent = VersionForm(values, first_day, request.POST)
        unsent.errors.clear()  # nothing is judged before it is proposed
        return _form_page(request, unsent, changed(questions, do), base)
    wrong: list[str] = []
    if form.is_valid():
        try:
            made = change.draft(
                values=form.values() | {"questions": questions},
                effective_from=form.cleaned_data["effective_from"],
                now=now,
            )
            change.propose(made, reason=form.cleaned_data["reason"], maker=request.user, now=now)
        except change.DefinitionRefused as error:
            wrong = [mistake_text(one) for one in error.mistakes]
        except (change.ChangeRefused, AlreadyProposed, ReasonMissing) as error:
            form.add_error(None, error_text(error))
        else:
            messages.success(
                request, _("Submitted for approval. It takes effect once a second person approves.")
            )
            return HttpResponseRedirect(reverse("questionnaires"))
    return _form_page(request, form, questions, base, wrong=wrong, status=422)


def _form_page(
    request: StaffRequest,
    form: VersionForm,
    questions: Sequence[Question],
    base: Questionnaire | None,
    *,
    wrong: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "questions": questions,
        "base": base,
        "wrong": wrong,
        "kinds": [(Kind.SINGLE, _("One answer")), (Kind.MULTIPLE, _("Several answers"))],
        "classes": [("", _("Any class")), *((name, name) for name in RiskClass.values)],
        "range": _range(questions),
    }
    return render_page(request, "profiles/questionnaires/settings/change.html", context, status=status)


def _range(questions: Sequence[Question]) -> tuple[int, int] | None:
    """The lowest and the highest possible score, where every score is a number."""
    scores = [[option["score"] for option in one["options"]] for one in questions]
    if not scores or not all(one and all(isinstance(score, int) for score in one) for one in scores):
        return None
    return sum(map(min, scores)), sum(map(max, scores))
