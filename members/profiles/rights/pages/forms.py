"""Forms of requests of members about their own data."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.runtime.clock import day_of, day_start
from crm.runtime.text.fields import NormalTextField
from crm.web.forms.day_input import DayInput
from members.profiles.consent.pages.forms import InputForm, key_field
from members.profiles.models import RightsKind, RightsState


class NewRequestForm(InputForm):
    """What a member asks for, and how it was verified who asks."""

    kind = forms.ChoiceField(label=_("Request for"), choices=[("", _("Choose…")), *RightsKind.choices])
    words = NormalTextField(
        label=_("What did the member ask for?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )
    verified = NormalTextField(
        label=_("How was the identity verified?"), max_length=200, help_text=_("such as ID card seen")
    )
    received_on = forms.DateField(label=_("Received on"), widget=DayInput)
    key = key_field()

    def __init__(self, today: date, data: Any = None) -> None:
        super().__init__(data, initial={"received_on": today})
        self.fields["received_on"].widget.attrs["max"] = today.isoformat()

    def received_at(self, now: datetime) -> datetime:
        """The instant that counts: now for today, else the beginning of the day."""
        day = self.cleaned_data["received_on"]
        return now if day == day_of(now) else day_start(day)


class AnswerForm(InputForm):
    """How a request ends, and what the member was told."""

    state = forms.ChoiceField(
        label=_("Result"), choices=[one for one in RightsState.choices if one[0] != RightsState.OPEN]
    )
    words = NormalTextField(
        label=_("What was the member told?"),
        max_length=1000,
        help_text=_("A refusal needs its reasons."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ReasonForm(InputForm):
    """Why something is done."""

    reason = NormalTextField(
        label=_("Reason"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
