"""The form in which a badge or quest is proposed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.runtime.text.fields import NormalTextField
from crm.web.forms.day_input import DayInput
from members.lifecycle.models import Stage
from members.loyalty.incentives.configure import LONGEST_NAME, MOST_STEPS, Draft, Step
from members.loyalty.models import IncentiveKind, IncentiveVersion, Period, StepOrder
from members.rules.language.json_text import read_json

FREE_STEPS = 3  # empty ones that the form offers
MOST_POINTS = 1_000_000
MOST_DAYS = 3660


def _rule(label: Any, *, required: bool = True) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 6, "spellcheck": "false"})
    return forms.CharField(label=label, widget=widget, required=required)


class IncentiveForm(forms.Form):
    """A version of a badge or quest, the day it takes effect, and the reason."""

    code = forms.CharField(label=_("Code"), max_length=60, help_text=_("Used in rules, such as first_lesson"))
    name = NormalTextField(label=_("Chinese name"), max_length=LONGEST_NAME)
    name_en = NormalTextField(label=_("English name"), max_length=LONGEST_NAME, required=False)
    from_stage = forms.ChoiceField(label=_("From stage"), choices=Stage.choices)
    to_stage = forms.ChoiceField(label=_("To stage"), choices=Stage.choices)
    effect_days = forms.IntegerField(
        label=_("Days for the transition"), min_value=1, max_value=MOST_DAYS, initial=90
    )
    period = forms.ChoiceField(label=_("Awarded"), choices=Period.choices)
    rule = _rule(_("Rule (JSON)"))
    step_order = forms.ChoiceField(label=_("Order of the steps"), choices=StepOrder.choices)
    limit_days = forms.IntegerField(
        label=_("Time limit (days)"), min_value=1, max_value=MOST_DAYS, required=False
    )
    points = forms.IntegerField(label=_("Points"), min_value=0, max_value=MOST_POINTS, initial=0)
    budget = forms.IntegerField(label=_("Budget in points"), min_value=1, required=False)
    is_active = forms.BooleanField(label=_("Active"), required=False, initial=True)
    effective_on = forms.DateField(label=_("Effective from"), widget=DayInput)
    reason = NormalTextField(
        label=_("Reason"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    ABOUT = ("code", "name", "name_en")
    GOAL = ("from_stage", "to_stage", "effect_days")

    def __init__(self, kind: IncentiveKind, today: date, data: Any = None, **more: Any) -> None:
        super().__init__(data, label_suffix="", **more)
        self.kind = kind
        gone = ("step_order", "limit_days") if kind == IncentiveKind.BADGE else ("period",)
        for name in gone:
            del self.fields[name]
        if kind == IncentiveKind.QUEST:
            self.fields["rule"].label = _("Starts for members who match (JSON)")
        self.fields["effective_on"].initial = (today + timedelta(days=1)).isoformat()
        for name, field in self.fields.items():
            if name != "is_active":
                field.widget.attrs["class"] = "input"

    @property
    def about(self) -> list[forms.BoundField]:
        """What it is called."""
        return [self[name] for name in self.ABOUT]

    @property
    def goal(self) -> list[forms.BoundField]:
        """The transition it is meant to bring."""
        return [self[name] for name in self.GOAL]

    @property
    def terms(self) -> list[forms.BoundField]:
        """How often, in what order, within what time, and what for."""
        names = ("period", "step_order", "limit_days", "points", "budget")
        return [self[name] for name in names if name in self.fields]

    @property
    def when(self) -> list[forms.BoundField]:
        """From which day on, and whether it goes on at all."""
        return [self["effective_on"], self["is_active"]]

    def draft(self, programme_id: int, steps: Iterable[Step]) -> Draft:
        """What the form asks for. Raises BadRules where the rule is no JSON."""
        given = self.cleaned_data
        same = ("code", "name", "name_en", "from_stage", "to_stage", "effect_days", "is_active")
        return Draft(
            programme_id=programme_id,
            kind=self.kind,
            rule=read_json(given["rule"]),
            steps=tuple(steps),
            **{name: given[name] for name in same},
            period=Period(given.get("period", Period.ONCE)),
            step_order=StepOrder(given.get("step_order", StepOrder.FREE)),
            limit_days=given.get("limit_days"),
            points=given["points"],
            budget=given["budget"],
        )


class StepForm(forms.Form):
    """A step of a quest; one without name and rule is left out."""

    name = NormalTextField(label=_("Chinese name"), max_length=LONGEST_NAME, required=False)
    name_en = NormalTextField(label=_("English name"), max_length=LONGEST_NAME, required=False)
    rule = _rule(_("Done when (JSON)"), required=False)
    rewarded = forms.BooleanField(
        label=_("Points depend on this step"),
        required=False,
        initial=True,
        help_text=_("Not allowed for buying, holding or referrals"),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.label_suffix = ""
        for name, field in self.fields.items():
            if name != "rewarded":
                field.widget.attrs["class"] = "input"

    def step(self) -> Step | None:
        """The step; None for an empty one. Raises BadRules where its rule is no JSON."""
        given = self.cleaned_data
        if not given.get("name") and not given.get("rule"):
            return None
        return Step(given["name"], read_json(given["rule"]), given["name_en"], given["rewarded"])


StepForms = forms.formset_factory(
    StepForm, extra=FREE_STEPS, max_num=MOST_STEPS, absolute_max=MOST_STEPS, validate_max=True
)


def initial_of(version: IncentiveVersion) -> dict[str, Any]:
    """A version's values as the form has them."""
    names = ("name", "name_en", "from_stage", "to_stage", "effect_days", "period", "step_order", "limit_days")
    given = {name: getattr(version, name) for name in (*names, "points", "budget", "is_active")}
    return given | {"code": version.incentive.code, "rule": _text(version.rule)}


def initial_steps(version: IncentiveVersion) -> list[dict[str, Any]]:
    """The same of its steps."""
    return [{**one, "rule": _text(one["rule"])} for one in version.steps]


def _text(rule: Any) -> str:
    return json.dumps(rule, ensure_ascii=False, indent=2)
