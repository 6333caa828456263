"""The forms of a complaint: what was said, and when it came."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.runtime.clock import day_of, day_start
from crm.runtime.text.fields import NormalTextField
from crm.web.forms.day_input import DayInput

LONGEST = 1000  # characters of a text


class ComplaintForm(forms.Form):
    """A new complaint. `key` tells one form from another, so that one sent twice records one complaint."""

    words = NormalTextField(
        label=_("What did the member complain about?"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 4, "autofocus": True, "class": "input"}),
    )
    received_on = forms.DateField(label=_("Received on"), widget=DayInput({"class": "input"}))
    key = forms.RegexField(r"\A[0-9a-f]{32}\Z", widget=forms.HiddenInput)

    def __init__(self, today: date, data: Any = None) -> None:
        super().__init__(data, initial={"received_on": today, "key": uuid4().hex})
        self.fields["received_on"].widget.attrs["max"] = today.isoformat()

    def received_at(self, now: datetime) -> datetime:
        """The instant that counts: now for today, else the beginning of the day."""
        day = self.cleaned_data["received_on"]
        return now if day == day_of(now) else day_start(day)


class StepForm(forms.Form):
    """One text that takes a complaint on: the answer, or the resolution."""

    words = NormalTextField(
        max_length=LONGEST, widget=forms.Textarea({"rows": 4, "autofocus": True, "class": "input"})
    )

    def __init__(self, label: str | Promise, data: Any = None) -> None:
        super().__init__(data)
        self.fields["words"].label = str(label)
