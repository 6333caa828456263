"""Forms of consents: what a member said, and what is suppressed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.runtime.clock import day_of, day_start
from crm.runtime.text.fields import NormalTextField
from crm.web.forms.day_input import DayInput
from members.profiles.consent.record import GIVING
from members.profiles.models import (
    CONSENT_PURPOSES,
    ConsentSource,
    ContactChannel,
    Purpose,
    SuppressionReason,
    SuppressionScope,
)

PURPOSES = [choice for choice in Purpose.choices if choice[0] in CONSENT_PURPOSES]
_BLANK = ("", _("Choose…"))


def key_field() -> forms.RegexField:
    """A hidden field that tells one form from another, so that one sent twice records one thing."""
    return forms.RegexField(r"\A[0-9a-f]{32}\Z", widget=forms.HiddenInput, initial=lambda: uuid4().hex)


class InputForm(forms.Form):
    """Fields in our own look."""

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial, label_suffix="")
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"


class GiveForm(InputForm):
    """A yes of a member, with its evidence. Nothing is chosen beforehand."""

    purpose = forms.ChoiceField(label=_("Purpose"), choices=[_BLANK, *PURPOSES])
    channel = forms.ChoiceField(label=_("Channel"), choices=[_BLANK, *ContactChannel.choices])
    recipient = NormalTextField(
        label=_("Recipient"),
        max_length=120,
        required=False,
        help_text=_("only for sharing with a partner and transfers abroad"),
    )
    source = forms.ChoiceField(
        label=_("How the member agreed"),
        choices=[_BLANK, *((one.value, one.label) for one in ConsentSource if one in GIVING)],
    )
    said_on = forms.DateField(label=_("Agreed on"), widget=DayInput)
    evidence = NormalTextField(
        label=_("Evidence"),
        max_length=300,
        help_text=_("such as the number of the recording or of the signed form"),
    )
    key = key_field()

    def __init__(self, today: date, data: Any = None, start: dict[str, str] | None = None) -> None:
        super().__init__(data, initial={"said_on": today, **(start or {})})
        self.fields["said_on"].widget.attrs["max"] = today.isoformat()

    def said_at(self, now: datetime) -> datetime:
        """The instant that counts: now for today, else the beginning of the day."""
        day = self.cleaned_data["said_on"]
        return now if day == day_of(now) else day_start(day)


class SuppressForm(InputForm):
    """An address that is not to be contacted any more."""

    channel = forms.ChoiceField(label=_("Channel"), choices=[_BLANK, *ContactChannel.choices])
    address = NormalTextField(
        label=_("Mobile or email"),
        max_length=254,
        help_text=_("Only a keyed hash of it is stored."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scope = forms.ChoiceField(
        label=_("Hold back"), choices=SuppressionScope.choices, initial=SuppressionScope.MARKETING
    )
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[one for one in SuppressionReason.choices if one[0] != SuppressionReason.ERASURE],
    )
    words = NormalTextField(label=_("What the person wrote or said"), max_length=200, required=False)
