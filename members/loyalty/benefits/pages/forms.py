"""The form in which a version of a benefit is proposed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.runtime.text.fields import NormalTextField
from crm.web.forms.day_input import DayInput
from members.loyalty.benefits.sentences.refusals import validation_texts
from members.loyalty.benefits.sentences.requests import LABELS
from members.loyalty.benefits.settings.change import FIELDS, Draft, quotas_of, values_as_json
from members.loyalty.models import BenefitKind, BenefitPeriod, BenefitVersion, Tier
from members.loyalty.models.benefits import MOST_PER_PERIOD

_MONEY_DIGITS = 16
QUOTA = "quota_"  # begins the name of a tier's field


class BenefitForm(forms.Form):
    """Every value of a version, the quota of each tier (empty: the tier does not have it), and its first day.

    `base` is the version that the new one follows, None for a new benefit, which is given its code.
    """

    code = forms.SlugField(
        label=_("Code"), max_length=60, help_text=_("Letters, digits and hyphens; cannot be changed later.")
    )
    name = NormalTextField(label=LABELS["name"], max_length=120)
    name_en = NormalTextField(label=LABELS["name_en"], max_length=120, required=False)
    kind = forms.ChoiceField(label=LABELS["kind"], choices=BenefitKind.choices)
    supplier = NormalTextField(label=LABELS["supplier"], max_length=120, required=False)
    period = forms.ChoiceField(label=LABELS["period"], choices=BenefitPeriod.choices)
    is_shared = forms.BooleanField(
        label=LABELS["is_shared"],
        required=False,
        help_text=_("One quota for all members of a household, by the best tier among them."),
    )
    cost = forms.DecimalField(label=LABELS["cost"], max_digits=_MONEY_DIGITS, decimal_places=2, min_value=0)
    approval_above = forms.DecimalField(
        label=LABELS["approval_above"],
        required=False,
        help_text=_("A use that costs more needs a second person's approval. Empty: none does."),
        max_digits=_MONEY_DIGITS,
        decimal_places=2,
        min_value=0,
    )
    manager_hours = forms.DecimalField(
        label=LABELS["manager_hours"], initial=0, max_digits=6, decimal_places=2, min_value=0
    )
    valid_from = forms.DateField(label=LABELS["valid_from"], required=False, widget=DayInput)
    valid_until = forms.DateField(label=LABELS["valid_until"], required=False, widget=DayInput)
    effective_from = forms.DateField(label=_("Effective from"), widget=DayInput)
    reason = NormalTextField(
        label=_("Reason"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(
        self, tiers: Sequence[Tier], base: BenefitVersion | None, today: date, data: Any = None
    ) -> None:
        super().__init__(data, label_suffix="")
        if base:
            del self.fields["code"]
        for tier in tiers:
            self.fields[f"{QUOTA}{tier.pk}"] = forms.IntegerField(
                label=tier.local_name, required=False, min_value=0, max_value=MOST_PER_PERIOD
            )
        self.tiers = tiers
        self.start(
            values_as_json(base) if base else {},
            quotas_of(base) if base else {},
            max(today, base.effective_from) if base else today,
        )
        for field in self.fields.values():
            if not isinstance(field, forms.BooleanField):
                field.widget.attrs["class"] = "input"

    def start(self, values: dict[str, Any], quotas: dict[str, int], effective_from: date) -> None:
        """Set what an unsent form shows."""
        for name in values:
            self.fields[name].initial = values[name]
        for tier in self.tiers:
            self.fields[f"{QUOTA}{tier.pk}"].initial = quotas.get(tier.code)
        self.fields["effective_from"].initial = effective_from.isoformat()

    def start_from(self, made: Draft, reason: str) -> None:
        """Show a draft."""
        self.fields["reason"].initial = reason
        self.start(values_as_json(made.version), dict(made.quotas), made.version.effective_from)
        if "code" in self.fields:
            self.fields["code"].initial = made.code

    @property
    def quota_fields(self) -> list[forms.BoundField]:
        """The fields of the tiers, the lowest first."""
        return [self[f"{QUOTA}{tier.pk}"] for tier in self.tiers]

    @property
    def value_fields(self) -> list[forms.BoundField]:
        """All other fields but the day and the reason."""
        names = [name for name in self.fields if not name.startswith(QUOTA)]
        return [self[name] for name in names if name not in ("effective_from", "reason")]

    def values(self) -> dict[str, Any]:
        """The values of the version; after is_valid()."""
        return {name: self.cleaned_data[name] for name in FIELDS}

    def quotas(self) -> dict[str, int]:
        """{code of the tier: quota} of the tiers that have it."""
        given = {tier.code: self.cleaned_data[f"{QUOTA}{tier.pk}"] for tier in self.tiers}
        return {code: quota for code, quota in given.items() if quota}

    def add_refusal(self, error: ValidationError) -> None:
        """Show why a draft was refused, at the fields that it concerns."""
        for name, texts in validation_texts(error).items():
            for text in texts:
                self.add_error(name if name in self.fields else None, text)
