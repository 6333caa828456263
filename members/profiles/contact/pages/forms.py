"""Forms of contacts, of where a member lives by the clock, and of the contact policy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.runtime.text.fields import NormalTextField
from crm.web.forms.day_input import DayInput
from members.profiles.consent.pages.forms import InputForm, key_field
from members.profiles.contact.policy import CAPPED, MOST, PERIODS
from members.profiles.contact.sentences import PERIOD_LABELS, kind_label
from members.profiles.models import ContactChannel, ContactPolicy, Direction, Purpose

_BLANK = ("", _("Choose…"))
OFF = _("not on days off")


class ContactForm(InputForm):
    """What staff did or took: now, on a channel, about what."""

    channel = forms.ChoiceField(label=_("Channel"), choices=[_BLANK, *ContactChannel.choices])
    kind = forms.ChoiceField(label=_("About"), choices=[_BLANK, *Purpose.choices])
    direction = forms.ChoiceField(label=_("Direction"), choices=Direction.choices)
    words = NormalTextField(
        label=_("What was said"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    key = key_field()


class PreferenceForm(InputForm):
    """The member's time zone, and the channel on which service messages are wanted."""

    time_zone = forms.CharField(
        label=_("Time zone"),
        max_length=40,
        required=False,
        help_text=_("such as Europe/London; empty: the platform's"),
    )
    service_channel = forms.ChoiceField(
        label=_("Service messages by"),
        choices=[("", _("no preference")), *ContactChannel.choices],
        required=False,
    )

    def clean_time_zone(self) -> str:
        zone = self.cleaned_data["time_zone"].strip()
        if zone and zone not in available_timezones():
            raise forms.ValidationError(_("No such time zone."))
        return str(zone)


class PolicyForm(InputForm):
    """Quiet hours of each channel, caps of each kind, the first day and the reason."""

    effective_on = forms.DateField(label=_("Effective from"), widget=DayInput)
    reason = NormalTextField(
        label=_("Reason"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, base: ContactPolicy, today: date, data: Any = None) -> None:
        super().__init__(data)
        first = today + timedelta(days=1)
        self.fields["effective_on"].initial = max(first, base.effective_from).isoformat()
        for channel in ContactChannel:
            hours = base.quiet[channel.value]
            for name, label in (("start", _("from")), ("end", _("until"))):
                self.fields[f"{channel.value}_{name}"] = forms.TimeField(
                    label=f"{channel.label} · {label}",
                    required=False,
                    initial=hours[name],
                    widget=forms.TimeInput(attrs={"type": "time", "class": "input"}, format="%H:%M"),
                )
            self.fields[f"{channel.value}_working_days"] = forms.BooleanField(
                label=f"{channel.label} · {OFF}",
                required=False,
                initial=hours["working_days"],
            )
        for kind in CAPPED:
            for period in PERIODS:
                self.fields[f"{kind}_{period}"] = forms.IntegerField(
                    label=f"{kind_label(kind)} · {PERIOD_LABELS[period]}",
                    required=False,
                    min_value=1,
                    max_value=MOST,
                    initial=base.caps[kind][period],
                    widget=forms.NumberInput(attrs={"class": "input"}),
                )

    @property
    def hours(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields of each channel: from, until, not on days off."""
        return [
            (
                str(channel.label),
                [self[f"{channel.value}_{name}"] for name in ("start", "end", "working_days")],
            )
            for channel in ContactChannel
        ]

    @property
    def caps(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields of each kind: a day, a week, a month."""
        return [(kind_label(kind), [self[f"{kind}_{period}"] for period in PERIODS]) for kind in CAPPED]

    def quiet_values(self) -> dict[str, Any]:
        """Quiet hours as a draft takes them; after is_valid()."""
        return {channel.value: self._hours(channel.value, self.cleaned_data) for channel in ContactChannel}

    def _hours(self, channel: str, given: Mapping[str, Any]) -> dict[str, Any]:
        start, end = given[f"{channel}_start"], given[f"{channel}_end"]
        return {
            "start": start and start.strftime("%H:%M"),
            "end": end and end.strftime("%H:%M"),
            "working_days": given[f"{channel}_working_days"],
        }

    def cap_values(self) -> dict[str, Any]:
        """Caps as a draft takes them; after is_valid()."""
        return {
            kind: {period: self.cleaned_data[f"{kind}_{period}"] for period in PERIODS} for kind in CAPPED
        }
