"""The page on which a member answers: public, opened by a link, on a phone, without script.

Nothing is chosen beforehand and nothing hints at a result: no scores, no order of classes, no product. Staff
who are signed in are turned away. What a member chose is shown again only where a question was left open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.staff.models import Staff
from crm.web.ids import id_or_none
from members.profiles.models import Questionnaire
from members.profiles.questionnaires.answer import (
    AnswerRefused,
    LinkState,
    Opened,
    Refusal,
    answer,
    open_link,
)
from members.profiles.questionnaires.versions.definition import Kind
from members.profiles.questionnaires.versions.score import AnswersDoNotFit
from members.profiles.questionnaires.versions.stored import definition_of

TEMPLATE = "profiles/questionnaires/answer.html"
LANGUAGES = {"zh": "zh-hans", "en": "en"}


@dataclass(frozen=True)
class ShownOption:
    key: str
    text: str
    is_chosen: bool


@dataclass(frozen=True)
class ShownQuestion:
    """A question as its reader sees it; `is_open`: it was left open, or its answer does not fit."""

    number: int
    name: str
    text: str
    is_multiple: bool
    options: Sequence[ShownOption]
    is_open: bool


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer_page(request: HttpRequest, token: str) -> HttpResponse:
    """The questions, or what the link has come to; POST stores the answers and leads to the result."""
    opened = open_link(token, clock.now())
    language = _language(request, opened)
    with translation.override(LANGUAGES[language]):
        if isinstance(request.user, Staff):
            response = _page(request, {"state": "staff"}, language, status=403)
        elif request.method == "POST":
            response = _store(request, token, opened, language)
        else:
            response = _show(request, opened, language)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _store(request: HttpRequest, token: str, opened: Opened, language: str) -> HttpResponse:
    given = _given(request, opened.version)
    device = request.headers.get("User-Agent", "").replace("\0", "")
    try:
        answer(
            token,
            questionnaire_id=id_or_none(request.POST.get("version", "")) or 0,
            answers=given,
            device=device,
            language=language,
            now=clock.now(),
        )
    except AnswersDoNotFit as error:
        return _show(request, opened, language, given=given, wrong=error.questions, status=422)
    except AnswerRefused as error:
        if error.code == Refusal.VERSION_CHANGED:
            return _show(request, opened, language, refusal=error_text(error), status=409)
        return _show(request, open_link(token, clock.now()), language, refusal=error_text(error), status=409)
    page = reverse("questionnaire-answer", args=[token])
    return HttpResponseRedirect(f"{page}?lang={language}", status=303)


def _given(request: HttpRequest, version: Questionnaire | None) -> dict[str, list[str]]:
    """What was chosen of each question that has been answered."""
    if version is None:
        return {}
    found = {one["key"]: request.POST.getlist(f"q-{one['key']}") for one in version.questions}
    return {key: chosen for key, chosen in found.items() if chosen}


def _show(
    request: HttpRequest,
    opened: Opened,
    language: str,
    *,
    given: Mapping[str, Sequence[str]] | None = None,
    wrong: Sequence[str] = (),
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    questions = _questions(opened, language, given or {}, wrong)
    context = {
        "state": opened.state.value,
        "attempt": opened.attempt,
        "next_day": opened.next_day,
        "version": opened.version,
        "questions": questions,
        "wrong": [question for question in questions if question.is_open],
        "refusal": refusal,
    }
    if opened.state is LinkState.ENDED and status == 200:
        status = 410
    return _page(request, context, language, status)


def _questions(
    opened: Opened, language: str, given: Mapping[str, Sequence[str]], wrong: Sequence[str]
) -> list[ShownQuestion]:
    if opened.version is None:
        return []
    return [
        ShownQuestion(
            number,
            f"q-{one.key}",
            one.text[language],
            one.kind is Kind.MULTIPLE,
            [
                ShownOption(option.key, option.text[language], option.key in given.get(one.key, ()))
                for option in one.options
            ],
            one.key in wrong,
        )
        for number, one in enumerate(definition_of(opened.version).questions, start=1)
    ]


def _page(request: HttpRequest, context: Mapping[str, object], language: str, status: int) -> HttpResponse:
    others = {"other_language": "en" if language == "zh" else "zh", "language_shown": language}
    return render(request, TEMPLATE, {**context, **others}, status=status)


def _language(request: HttpRequest, opened: Opened) -> str:
    """The one chosen on the page, else that of the member."""
    chosen = request.GET.get("lang", "")
    if chosen in LANGUAGES:
        return chosen
    return "en" if opened.language.lower().startswith("en") else "zh"
