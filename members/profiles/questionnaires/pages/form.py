"""The form of a version: its head as Django reads it, its questions as fields that can grow and shrink.

A question has fields q.0.key, .kind, .zh, .en, its options q.0.o.0.key, .zh, .en, .score, .most. Buttons
named `do` add, remove and move; the page is rendered again with what was entered, so it works without script.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.runtime.text.fields import NormalTextField
from crm.runtime.text.normal_form import line
from crm.web.forms.day_input import DayInput
from members.profiles.models import LONGEST_VALIDITY
from members.profiles.questionnaires.sentences.requests import LABELS
from members.profiles.questionnaires.versions.definition import (
    BANDED,
    LONGEST_TEXT,
    MOST_OPTIONS,
    MOST_QUESTIONS,
    Kind,
)

Question = dict[str, Any]  # as in a definition; a score may be what was typed instead of a number
BAND = "band_"  # begins the name of a class's field
LETTERS = "abcdefghijklmnop"


class VersionForm(forms.Form):
    """Names, validity, the lowest score of each class, the first day, and why."""

    name = NormalTextField(label=LABELS["name"], max_length=120)
    name_en = NormalTextField(label=LABELS["name_en"], max_length=120)
    validity_months = forms.IntegerField(
        label=LABELS["validity_months"],
        min_value=1,
        max_value=LONGEST_VALIDITY,
        help_text=_("12 at most; it can only be shortened."),
    )
    effective_from = forms.DateField(label=_("Effective from"), widget=DayInput)
    reason = NormalTextField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, values: Mapping[str, Any], first_day: date, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        for name in ("name", "name_en", "validity_months"):
            self.fields[name].initial = values[name]
        for risk_class in BANDED:
            self.fields[f"{BAND}{risk_class}"] = forms.IntegerField(
                label=risk_class, initial=values["bands"][risk_class], min_value=-10_000, max_value=10_000
            )
        self.fields["effective_from"].initial = first_day.isoformat()
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"

    @property
    def bands(self) -> list[forms.BoundField]:
        return [self[f"{BAND}{risk_class}"] for risk_class in BANDED]

    def values(self) -> dict[str, Any]:
        """The values of the version but its questions; after is_valid()."""
        given = self.cleaned_data
        return {
            **{name: given[name] for name in ("name", "name_en", "validity_months")},
            "bands": {risk_class: given[f"{BAND}{risk_class}"] for risk_class in BANDED},
        }


def read_questions(data: Mapping[str, str]) -> list[Question]:
    """The questions that a form holds, in its order."""
    found = []
    for number in range(MOST_QUESTIONS + 1):
        at = f"q.{number}"
        if f"{at}.key" in data:
            found.append(
                {
                    "key": _key(data[f"{at}.key"]),
                    "kind": data.get(f"{at}.kind", "")
                    if data.get(f"{at}.kind") in set(Kind)
                    else Kind.SINGLE,
                    "text": _text(data, at),
                    "options": _options(data, at),
                }
            )
    return found


def _options(data: Mapping[str, str], at: str) -> list[dict[str, Any]]:
    found = []
    for number in range(MOST_OPTIONS + 1):
        here = f"{at}.o.{number}"
        if f"{here}.key" not in data:
            continue
        option = {
            "key": _key(data[f"{here}.key"]),
            "text": _text(data, here),
            "score": _score(data.get(f"{here}.score", "")),
        }
        if most := data.get(f"{here}.most", "")[:2]:
            option["most"] = most
        found.append(option)
    return found


def _text(data: Mapping[str, str], at: str) -> dict[str, str]:
    return {language: line(data.get(f"{at}.{language}", ""))[: LONGEST_TEXT + 1] for language in ("zh", "en")}


def _key(text: str) -> str:
    return "".join(sign for sign in text[:20] if sign.isascii() and sign.isalnum()) or "x"


def _score(text: str) -> int | str:
    """A whole number; what was typed where it is none, to be shown again and refused."""
    text = text.strip().replace("−", "-")[:6]
    sign, digits = (text[:1], text[1:]) if text[:1] == "-" else ("", text)
    return int(f"{sign}{digits}") if digits.isascii() and digits.isdecimal() else text


def changed(questions: list[Question], do: str) -> list[Question]:
    """The questions after a button: add, or drop:1, up:1, option:1, cut:1.2 (numbers from 0 on)."""
    deed, _colon, place = do.partition(":")
    first, _dot, second = place.partition(".")
    number = int(first) if first.isascii() and first.isdecimal() else -1
    made = [dict(one) for one in questions]
    if deed == "add" and len(made) < MOST_QUESTIONS:
        return [*made, _blank(_free("q", {one["key"] for one in made}))]
    if not 0 <= number < len(made):
        return made
    options = made[number]["options"]
    if deed == "drop":
        del made[number]
    elif deed == "up" and number:
        made[number - 1], made[number] = made[number], made[number - 1]
    elif deed == "option" and len(options) < MOST_OPTIONS:
        taken = {option["key"] for option in options}
        key = next(letter for letter in LETTERS if letter not in taken)
        made[number]["options"] = [*options, _blank_option(key)]
    elif deed == "cut" and second.isascii() and second.isdecimal():
        made[number]["options"] = [one for at, one in enumerate(options) if at != int(second)]
    return made


def _free(prefix: str, taken: set[str]) -> str:
    return next(f"{prefix}{number}" for number in range(1, 10_000) if f"{prefix}{number}" not in taken)


def _blank(key: str) -> Question:
    options = [_blank_option(letter) for letter in LETTERS[:3]]
    return {"key": key, "kind": Kind.SINGLE, "text": {"zh": "", "en": ""}, "options": options}


def _blank_option(key: str) -> dict[str, Any]:
    return {"key": key, "text": {"zh": "", "en": ""}, "score": ""}
