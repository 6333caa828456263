"""The form of a consent text."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.runtime.text.fields import NormalTextField
from crm.web.forms.day_input import DayInput
from members.profiles.consent.pages.forms import PURPOSES, InputForm


class TextForm(InputForm):
    """The words of a purpose in both languages, the first day and the reason."""

    purpose = forms.ChoiceField(label=_("Purpose"), choices=PURPOSES)
    text = NormalTextField(label=_("Text"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}))
    text_en = NormalTextField(
        label=_("Text in English"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    effective_on = forms.DateField(label=_("Effective from"), widget=DayInput)
    reason = NormalTextField(
        label=_("Reason"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, today: date, data: Any = None) -> None:
        super().__init__(data, initial={"effective_on": today + timedelta(days=1)})
