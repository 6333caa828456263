"""The form in which a new policy is proposed."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from crm.runtime import clock
from crm.runtime.text.fields import NormalTextField
from crm.web.forms.day_input import DayInput
from members.lifecycle.models import Policy
from members.lifecycle.policy.thresholds import BY_FIELD, GROUPS, THRESHOLDS, Threshold, Unit
from members.lifecycle.sentences.policy import threshold_value, validation_texts

HUNDRED = Decimal(100)
MOST_DAYS = 36_600
AT_ONCE = {
    "churned_days",
    "warn_term_days",
    "payout_grace_days",
}  # thresholds that may be 0 days, or left empty for that
ASCENDING = (
    ("warn_idle_days", "idle_days"),
    ("idle_days", "dormant_days"),
    ("warn_fall_share", "fall_share"),
)


class PolicyForm(forms.Form):
    """Every threshold, the day the version comes into force, and the reason. Shares are entered in per cent.

    `base` is the version that the new one builds on; `start` has other initial values by field, shares as
    fractions.
    """

    effective_on = forms.DateField(label=_("Effective from"), widget=DayInput)
    reason = NormalTextField(
        label=_("Reason"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(
        self, base: Policy, today: date, data: Any = None, *, start: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, label_suffix="")
        begins = start or {}
        for threshold in THRESHOLDS:
            held = getattr(base, threshold.field)
            field = _field(threshold, base, begins.get(threshold.field, held))
            self.fields[threshold.field] = field
        self.fields["effective_on"].initial = begins.get("effective_on", _first_day(base, today).isoformat())
        self.fields["reason"].initial = begins.get("reason", "")
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"
        for threshold in THRESHOLDS:
            # What a value is compared with, so that a change is marked while it is entered.
            held = _entered(threshold, getattr(base, threshold.field))
            self.fields[threshold.field].widget.attrs["data-base"] = held

    def clean(self) -> dict[str, Any]:
        """A warning has to come before what it warns of, and each stage of decline before the next."""
        given = self.cleaned_data
        for name in AT_ONCE:
            if name in given and given[name] is None:
                given[name] = 0
        for lower, upper in ASCENDING:
            if lower in given and upper in given and given[lower] > given[upper]:
                self.add_error(upper, _("Must not be less than “%s”.") % BY_FIELD[lower].label)
        return given

    @cached_property
    def changed_fields(self) -> set[str]:
        """The thresholds that differ from the base, as far as what was entered can be read."""
        changed = set()
        for threshold in THRESHOLDS:
            field = self.fields[threshold.field]
            with suppress(ValidationError):
                given = field.to_python(self[threshold.field].value())
                held = field.to_python(field.widget.attrs["data-base"])
                if (given or 0) != (held or 0):
                    changed.add(threshold.field)
        return changed

    @property
    def groups(self) -> list[tuple[str | Promise, list[forms.BoundField]]]:
        """The fields of the thresholds by group."""
        return [(title, [self[name] for name in fields]) for title, fields in GROUPS]

    def values(self) -> dict[str, Any]:
        """The policy's values by field, shares as fractions; after is_valid()."""
        given = {threshold.field: self.cleaned_data[threshold.field] for threshold in THRESHOLDS}
        shares = [threshold.field for threshold in THRESHOLDS if threshold.unit is Unit.SHARE]
        return given | {field: given[field] / HUNDRED for field in shares}

    def effective_from(self) -> datetime:
        """The first instant of the chosen day; after is_valid()."""
        return clock.day_start(self.cleaned_data["effective_on"])

    def add_refusal(self, error: ValidationError) -> None:
        """Show what draft_policy refuses beside the field it is about."""
        for name, texts in validation_texts(error).items():
            field = "effective_on" if name == "effective_from" else name
            self.add_error(field if field in self.fields else None, texts)


def _entered(threshold: Threshold, value: Any) -> str:
    """A value as the form has it: shares in per cent, whole amounts without cents."""
    if threshold.unit is Unit.DAYS:
        return str(value)
    return f"{(value * HUNDRED if threshold.unit is Unit.SHARE else value).normalize():f}"


def _first_day(base: Policy, today: date) -> date:
    """The first day from which a new version may apply: tomorrow, or when its base has begun."""
    begun = clock.day_of(base.effective_from)
    if clock.day_start(begun) < base.effective_from:  # approved after its day: in force from that instant
        begun += timedelta(days=1)
    return max(today + timedelta(days=1), begun)


def _field(threshold: Threshold, base: Policy, begins: Any) -> forms.Field:
    label, held = str(threshold.label), threshold_value(threshold, getattr(base, threshold.field))
    was = {"version": base.version, "value": held}
    if threshold.unit is Unit.DAYS:
        help_text = _("days; v%(version)s: %(value)s") % was
        return forms.IntegerField(
            label=label,
            initial=begins,
            min_value=0 if threshold.field in AT_ONCE else 1,
            required=threshold.field not in AT_ONCE,
            max_value=MOST_DAYS,
            help_text=help_text,
        )
    if threshold.unit is Unit.SHARE:
        return forms.DecimalField(
            label=label,
            initial=_entered(threshold, begins),
            min_value=0,
            max_value=100,
            decimal_places=2,
            help_text=_("percent; v%(version)s: %(value)s") % was,
        )
    return forms.DecimalField(
        label=label,
        initial=_entered(threshold, begins),
        min_value=0,
        max_digits=18,
        decimal_places=2,
        help_text=_("amount; v%(version)s: %(value)s") % was,
    )
