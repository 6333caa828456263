"""The form in which a version of an earn rule is proposed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.runtime import clock
from crm.runtime.text.fields import NormalTextField
from crm.web.forms.day_input import DayInput
from members.loyalty.models import Expiry, Tier
from members.loyalty.points.configuration import earn_rule_draft as limits
from members.loyalty.points.configuration.earn_rule_draft import EarnRuleDraft
from members.loyalty.points.pages.conditions import PREFIX, Where, bound, condition_fields, is_shown, where_of
from members.loyalty.points.sentences.requests import LABELS
from members.rules.catalogue.activities import Activity
from members.rules.catalogue.types import Type

TIER = "tier_"
NUMBERS = {
    "points": (1, limits.MOST_POINTS, True),
    "cap_day": (1, limits.MOST_POINTS, False),
    "cap_month": (1, limits.MOST_POINTS, False),
    "budget": (0, 10**15, False),
    "pending_days": (0, limits.MOST_DAYS, False),
    "expiry_months": (0, limits.MOST_MONTHS, False),
    "grace_days": (0, limits.MOST_DAYS, False),
}
STATES = (("on", _("Active")), ("off", _("Stopped")))
DEFAULT = EarnRuleDraft(activity="", points=1, expiry=Expiry.ROLLING, expiry_months=24)


class RuleForm(forms.Form):
    """All that a version says, its first day, and the reason. `start` is the version before it."""

    code = forms.SlugField(label=_("Code"), max_length=60)
    name = NormalTextField(label=_("Name"), max_length=120)
    name_en = NormalTextField(label=_("English name"), max_length=120, required=False)
    state = forms.ChoiceField(label=_("State"), choices=STATES)
    per = forms.ChoiceField(label=_("Points per"), required=False)
    unit = forms.DecimalField(
        label=LABELS["unit"], min_value=Decimal("0.01"), max_digits=11, decimal_places=2, required=False
    )
    expiry = forms.ChoiceField(label=LABELS["expiry"], choices=Expiry.choices)
    effective_on = forms.DateField(label=_("Effective from"), widget=DayInput)
    reason = NormalTextField(
        label=_("Reason"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(
        self,
        activity: Activity,
        tiers: Sequence[Tier],
        today: date,
        data: Any = None,
        *,
        start: EarnRuleDraft = DEFAULT,
        names: dict[str, str] | None = None,
    ) -> None:
        super().__init__(data, label_suffix="")
        self.activity, self.start = activity, start
        self.keeps_where = not is_shown(activity, start.where)
        for name, (least, most, required) in NUMBERS.items():
            self.fields[name] = forms.IntegerField(
                label=LABELS[name], min_value=least, max_value=most, required=required
            )
        for tier in tiers:
            self.fields[TIER + tier.code] = forms.DecimalField(
                label=tier.local_name,
                min_value=Decimal("0.01"),
                max_value=limits.MOST_MULTIPLIER,
                decimal_places=2,
                required=False,
                initial=start.multipliers.get(tier.code),
            )
        if not self.keeps_where:
            self.fields |= condition_fields(activity, start.where)
        per = self.fields["per"]
        assert isinstance(per, forms.ChoiceField)
        per.choices = [("", _("Event (fixed points)")), *_amounts(activity)]
        self._begin(today, names or {})

    def _begin(self, today: date, names: dict[str, str]) -> None:
        start = self.start
        for name in (*NUMBERS, "per", "unit", "expiry"):
            self.fields[name].initial = getattr(start, name)
        for name in ("pending_days", "expiry_months", "grace_days"):
            self.fields[name].initial = getattr(start, name) or None
        self.fields["state"].initial = "on" if start.is_active else "off"
        self.fields["effective_on"].initial = (today + timedelta(days=1)).isoformat()
        for name, text in names.items():
            self.fields[name].initial = text
        if names:
            self.fields["code"].widget.attrs["readonly"] = True
        for field in self.fields.values():
            if not isinstance(field, forms.MultipleChoiceField):
                field.widget.attrs["class"] = "input"

    @property
    def named(self) -> list[forms.BoundField]:
        return bound(self, ("code", "name", "name_en", "state"))

    @property
    def conditions(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(PREFIX)]

    @property
    def earning(self) -> list[forms.BoundField]:
        return bound(self, ("points", "per", "unit"))

    @property
    def multipliers(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(TIER)]

    @property
    def limits(self) -> list[forms.BoundField]:
        return bound(self, ("cap_day", "cap_month", "budget"))

    @property
    def validity(self) -> list[forms.BoundField]:
        return bound(self, ("pending_days", "expiry", "expiry_months", "grace_days"))

    def draft(self) -> EarnRuleDraft:
        """What was entered; after is_valid()."""
        given = self.cleaned_data
        where: Where = self.start.where if self.keeps_where else where_of(self.activity, given)
        unit = given["unit"]
        return EarnRuleDraft(
            activity=self.activity.name,
            where=where,
            member_rule=self.start.member_rule,
            per=given["per"],
            unit=None if unit is None else f"{unit.normalize():f}",
            multipliers={
                name.removeprefix(TIER): f"{value.normalize():f}"
                for name, value in given.items()
                if name.startswith(TIER) and value is not None
            },
            is_active=given["state"] == "on",
            expiry=given["expiry"],
            **{name: given[name] for name in ("points", "cap_day", "cap_month", "budget")},
            **{name: given[name] or 0 for name in ("pending_days", "expiry_months", "grace_days")},
        )

    def effective_from(self) -> datetime:
        """The first instant of the chosen day; after is_valid()."""
        return clock.day_start(self.cleaned_data["effective_on"])


def _amounts(activity: Activity) -> list[tuple[str, str]]:
    return [
        (one.name, str(one.label))
        for one in activity.properties
        if one.type in (Type.MONEY, Type.NUMBER) and not one.open and not one.tables
    ]
