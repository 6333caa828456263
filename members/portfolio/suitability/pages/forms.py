"""The forms of suitability."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from crm.runtime.text.fields import NormalTextField
from crm.web.forms.day_input import DayInput
from members.portfolio.models import ProductRisk, Rater
from members.portfolio.suitability.change.status import BASES as BASES_OF
from members.portfolio.suitability.change.status import LONGEST, Basis, ProposedStatus
from members.portfolio.suitability.house_rule import TABLE_VALUES, VALUES, Rule
from members.portfolio.suitability.record_purchase import Step
from members.portfolio.suitability.sentences.requests import BASES, RULE_LABELS
from members.portfolio.suitability.sentences.steps import STEPS

Data = QueryDict | None


def _reason() -> NormalTextField:
    return NormalTextField(
        label=_("Reason"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class _Form(forms.Form):
    """Fields as the product draws them."""

    def __init__(self, data: Data = None, **initial: Any) -> None:
        super().__init__(data, initial=initial, label_suffix="")
        self.draw()

    def draw(self) -> None:
        for field in self.fields.values():
            if not isinstance(field, forms.MultipleChoiceField):
                field.widget.attrs["class"] = "input"


class RatingForm(_Form):
    """A rating by manager or seller."""

    rater = forms.ChoiceField(label=_("Rated by"), choices=Rater.choices)
    rating = forms.ChoiceField(label=_("Rating"), choices=ProductRisk.choices)
    effective_from = forms.DateField(label=_("Effective from"), widget=DayInput)
    basis = NormalTextField(
        label=_("Basis"), max_length=500, help_text=_("Rating report, minutes or notice, with its date.")
    )
    reason = _reason()

    def __init__(self, today: date, data: Data = None) -> None:
        super().__init__(data, effective_from=today)


class ReviewForm(_Form):
    """Puts a rating under review."""

    rater = forms.ChoiceField(label=_("Rated by"), choices=Rater.choices)
    basis = NormalTextField(label=_("Reason"), max_length=500)


class HouseRuleForm(_Form):
    """Every value of a house rule, none looser than the tables, and its first day."""

    effective_from = forms.DateField(label=_("Effective from"), widget=DayInput)
    reason = _reason()

    def __init__(self, rule: Rule, today: date, data: Data = None) -> None:
        super().__init__(data, **rule.values, effective_from=today)
        for name in VALUES:
            self.fields[name] = forms.IntegerField(
                label=str(RULE_LABELS[name]),
                min_value=0,
                max_value=TABLE_VALUES[name],
                help_text=_("At most %(limit)s.") % {"limit": TABLE_VALUES[name]},
            )
        self.draw()

    def values(self) -> dict[str, int]:
        return {name: self.cleaned_data[name] for name in VALUES}

    def value_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in VALUES]


class StatusForm(_Form):
    """A status of a member with its evidence."""

    basis = forms.ChoiceField(
        label=_("Status and condition"),
        choices=[
            (status.label, [(basis.value, BASES[basis]) for basis in bases])
            for status, bases in BASES_OF.items()
        ],
    )
    evidence = NormalTextField(
        label=_("Evidence"), max_length=200, help_text=_("Where the documents are kept, by number.")
    )
    verified_on = forms.DateField(label=_("Verified on"), widget=DayInput)
    valid_until = forms.DateField(label=_("Valid until"), widget=DayInput)
    reason = _reason()

    def __init__(self, today: date, data: Data = None) -> None:
        super().__init__(data, verified_on=today, valid_until=today + LONGEST)

    def chosen(self) -> ProposedStatus:
        """What is proposed; after is_valid()."""
        given = self.cleaned_data
        basis = Basis(given["basis"])
        status = next(status for status, bases in BASES_OF.items() if basis in bases)
        return ProposedStatus(status, basis, given["evidence"], given["verified_on"], given["valid_until"])


class PurchaseForm(_Form):
    """A purchase that a member asks for, and what has been done about it."""

    product = forms.TypedChoiceField(label=_("Product"), coerce=int)
    amount = forms.DecimalField(
        label=_("Amount"), required=False, max_digits=16, decimal_places=2, min_value=1
    )
    steps = forms.MultipleChoiceField(
        label=_("Done so far"),
        required=False,
        choices=[(one.value, STEPS[one]) for one in Step],
        widget=forms.CheckboxSelectMultiple,
    )
    key = forms.RegexField(r"^[0-9a-f-]{36}$", widget=forms.HiddenInput)

    def __init__(self, products: list[tuple[int, str]], data: Data = None, *, key: str = "") -> None:
        super().__init__(data, key=key)
        self.fields["product"].choices = products  # type: ignore[attr-defined]  # of a choice field

    def chosen_steps(self) -> frozenset[Step]:
        return frozenset(Step(name) for name in self.cleaned_data["steps"])
