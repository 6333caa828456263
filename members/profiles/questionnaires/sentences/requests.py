"""A requested version of the questionnaire in words: what is asked for, and what would change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.runtime.text.local_names import reads_english
from crm.staff.models import Request
from crm.web import formats
from members.profiles.questionnaires.versions.definition import BANDED

Line = tuple[str | Promise, str, str]  # what changes, before, after

KIND = gettext_lazy("Risk questionnaire")
LABELS = {
    "name": gettext_lazy("Questionnaire name"),
    "name_en": gettext_lazy("English name"),
    "validity_months": gettext_lazy("Validity (months)"),
    "order": gettext_lazy("Order of questions"),
}


def summary(request: Request) -> str:
    """A requested version in a few words."""
    if not request.proposal["base"]:
        return _("First version of the risk questionnaire")
    return _("Risk questionnaire version %(number)s") % {"number": request.proposal["base"] + 1}


def lines(request: Request) -> list[Line]:
    """What a version changes, and from which day on."""
    asked = [f"question {one['key']}" for one in request.proposal["values"]["questions"]]
    order = [*LABELS, *(f"band {risk_class}" for risk_class in BANDED), *asked]  # the database keeps none
    places = {name: place for place, name in enumerate(order)}
    names = sorted(request.diff, key=lambda name: (places.get(name, len(order)), name))
    found: list[Line] = [
        (_label(name), _words(request.diff[name][0]), _words(request.diff[name][1])) for name in names
    ]
    day = date.fromisoformat(request.proposal["effective_from"])
    return [*found, (_("Effective from"), "", formats.day(day))]


def _label(name: str) -> str | Promise:
    kind, _space, key = name.partition(" ")
    if kind == "band":
        return _("Lowest score of %(risk_class)s") % {"risk_class": key}
    if kind == "question":
        return _("Question “%(key)s”") % {"key": key}
    return LABELS[name]


def _words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return question_text(value)
    if isinstance(value, list):
        return " · ".join(map(str, value))
    return str(value)


def question_text(question: Mapping[str, Any]) -> str:
    """A question with its options, their scores and limits, in the reader's language."""
    language = "en" if reads_english() else "zh"
    options = "; ".join(
        f"{option['text'][language]} ({option['score']}{_limit(option)})" for option in question["options"]
    )
    return f"{question['text'][language]} {options}"


def _limit(option: Mapping[str, Any]) -> str:
    most = option.get("most")
    return " " + _("at most %(risk_class)s") % {"risk_class": most} if most else ""
