"""The forms in which new tier rules and overrides are proposed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.runtime.text.fields import NormalTextField
from crm.web.forms.day_input import DayInput
from members.loyalty.models import Downgrade, Metric, Review, Tier, TierPolicy, Upgrade
from members.loyalty.tiers.policy.draft import KINDS
from members.loyalty.tiers.sentences.refusals import REFUSALS
from members.loyalty.tiers.sentences.requests import KIND_LABELS, LABELS

CHOICES = {"metric": Metric, "review": Review, "upgrade": Upgrade, "downgrade": Downgrade}
DAYS = {"window_days": (1, 3660), "grace_days": (0, 3660), "protect_days": (0, 3660), "notice_days": (0, 366)}
HELP: dict[str, Promise] = {
    "window_days": _("days; only for metrics that count points"),
    "grace_days": _("days between a missed review and the downgrade"),
    "protect_days": _("days after an upgrade without a downgrade"),
    "notice_days": _("days"),
}


class RulesForm(forms.Form):
    """The rules of a programme's tiers, the day they start, and the reason. `base` is what they build on."""

    effective_on = forms.DateField(label=_("Effective from"), widget=DayInput)
    reason = NormalTextField(
        label=_("Reason"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(
        self, base: TierPolicy, tiers: Sequence[Tier], today: date, data: Any = None, start: Any = None
    ) -> None:
        super().__init__(data, label_suffix="")
        self.tiers = [tier for tier in tiers if tier.rank]
        begins = start or {}
        for name, choices in CHOICES.items():
            self.fields[name] = forms.ChoiceField(
                label=str(LABELS[name]),
                choices=choices.choices,
                initial=begins.get(name, getattr(base, name)),
            )
        for name, (least, most) in DAYS.items():
            self.fields[name] = forms.IntegerField(
                label=str(LABELS[name]),
                min_value=least,
                max_value=most,
                help_text=str(HELP[name]),
                initial=begins.get(name, getattr(base, name)),
            )
        asked = {one["tier"]: one for one in begins.get("thresholds", base.thresholds)}
        for tier in self.tiers:
            for kind in KINDS:
                self.fields[_name(tier, kind)] = forms.DecimalField(
                    label=f"{tier.local_name} · {KIND_LABELS[kind]}",
                    required=False,
                    decimal_places=0 if kind == "points" else 2,
                    max_digits=16,
                    initial=asked.get(tier.pk, {}).get(kind),
                )
        first = max(today + timedelta(days=1), base.effective_from)
        self.fields["effective_on"].initial = begins.get("effective_on", first.isoformat())
        self.fields["reason"].initial = begins.get("reason", "")
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"

    @property
    def rules(self) -> list[forms.BoundField]:
        return [self[name] for name in (*CHOICES, *DAYS)]

    @property
    def thresholds(self) -> list[tuple[Tier, list[forms.BoundField]]]:
        """The highest tier first, as a ladder is read."""
        return [(tier, [self[_name(tier, kind)] for kind in KINDS]) for tier in reversed(self.tiers)]

    def values(self) -> dict[str, Any]:
        """The rules as a draft takes them; after is_valid()."""
        given = {name: self.cleaned_data[name] for name in (*CHOICES, *DAYS)}
        return given | {
            "thresholds": [
                {"tier": tier.pk}
                | {
                    kind: str(value)
                    for kind in KINDS
                    if (value := self.cleaned_data[_name(tier, kind)]) is not None
                }
                for tier in self.tiers
            ]
        }

    def add_refusal(self, error: ValidationError) -> None:
        """Show what draft_policy refuses beside the field it is about."""
        by_field = error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}
        for name, errors in by_field.items():
            field = "effective_on" if name == "effective_from" else name
            texts = [str(REFUSALS.get(one.code or "", "")) or text for one in errors for text in one.messages]
            self.add_error(field if field in self.fields else None, texts)


def _name(tier: Tier, kind: str) -> str:
    return f"tier_{tier.pk}_{kind}"


class OverrideForm(forms.Form):
    """Which tier a member gets, from when and until when, and why."""

    tier = forms.ChoiceField(label=_("Tier"))
    starts_on = forms.DateField(label=_("Effective from"), widget=DayInput)
    ends_on = forms.DateField(
        label=_("Returns to the earned tier on"), widget=DayInput, help_text=_("one year later at most")
    )
    reason = NormalTextField(
        label=_("Reason"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, tiers: Sequence[Tier], today: date, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        choices = [(str(tier.pk), tier.local_name) for tier in reversed(tiers)]
        self.fields["tier"] = forms.ChoiceField(label=_("Tier"), choices=choices)
        self.fields["starts_on"].initial = (today + timedelta(days=1)).isoformat()
        self.fields["ends_on"].initial = (today + timedelta(days=91)).isoformat()
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"
