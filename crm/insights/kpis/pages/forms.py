"""The form that sets a target."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.insights.kpis.definition import Kpi, Unit
from crm.insights.kpis.pages.scopes import COMPANY, parse_scope
from crm.insights.kpis.targets import BIGGEST
from crm.runtime.text.fields import NormalTextField
from crm.staff.models import SHORTEST_REASON
from crm.web.forms.day_input import DayInput

_UNITS = {
    Unit.SHARE: _("In percent. Leave empty to remove the target."),
    Unit.MONEY: _("In platform currency. Leave empty to remove the target."),
    Unit.DAYS: _("In days. Leave empty to remove the target."),
    Unit.TIMES: _("Trades per client per 30 days. Leave empty to remove the target."),
    Unit.NUMBER: _("A number. Leave empty to remove the target."),
}


class TargetForm(forms.Form):
    """A target in the unit that people read: shares are entered in percent. `scopes` are (key, words).

    It starts with the `target` in force, since an empty field removes it.
    """

    scope = forms.ChoiceField(label=_("Applies to"), required=False)
    value = forms.DecimalField(label=_("Target"), required=False, max_digits=16, decimal_places=2)
    effective_from = forms.DateField(label=_("Effective from"), widget=DayInput)
    reason = NormalTextField(label=_("Reason"), min_length=SHORTEST_REASON, max_length=300)

    def __init__(
        self,
        kpi: Kpi,
        today: date,
        scopes: list[tuple[str, str]],
        data: Any = None,
        *,
        target: Decimal | None = None,
    ) -> None:
        initial = {"effective_from": today, "value": entered(kpi, target), "scope": COMPANY}
        super().__init__(data, initial=initial, auto_id="target_%s", label_suffix="")
        self.kpi = kpi
        self.fields["scope"].choices = scopes  # type: ignore[attr-defined]
        value = self.fields["value"]
        value.help_text = _UNITS[kpi.unit]
        value.widget.attrs |= {"step": "any"} | ({"max": 100} if kpi.unit == Unit.SHARE else {})
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"

    def clean_value(self) -> Decimal | None:
        """The target as stored: a fraction where it was entered in percent."""
        value: Decimal | None = self.cleaned_data["value"]
        if value is None:
            return None
        if value < 0 and not self.kpi.is_total:
            raise forms.ValidationError(_("The value cannot be negative."))
        if self.kpi.unit != Unit.SHARE:
            if abs(value) > BIGGEST:
                raise forms.ValidationError(_("The value is too large."))
            return value
        if value > 100:
            raise forms.ValidationError(_("A share cannot exceed 100 percent."))
        return value / 100

    def clean(self) -> dict[str, Any]:
        """`scope` and `scope_id` in place of the chosen key."""
        cleaned = super().clean() or self.cleaned_data
        if "scope" in cleaned:
            cleaned["scope"], cleaned["scope_id"] = parse_scope(cleaned["scope"] or COMPANY)
        return cleaned


def entered(kpi: Kpi, target: Decimal | None) -> str:
    """A stored target as entered into the form; empty for none."""
    if target is None:
        return ""
    text = f"{target * 100 if kpi.unit == Unit.SHARE else target:.2f}"
    return text.rstrip("0").rstrip(".")
