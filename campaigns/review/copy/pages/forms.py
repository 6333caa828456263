"""Forms in which copy is written."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.review.copy.rendering.variables import MOST_VARIABLES, MemberField, VariableType
from campaigns.review.copy.write import About, Text
from campaigns.review.models import (
    LONGEST_BODY,
    LONGEST_SUBJECT,
    Copy,
    CopyChannel,
    CopyLanguage,
    CopyPurpose,
    CopyVersion,
    Theme,
)
from crm.runtime.text.fields import NormalTextField
from crm.web.forms.day_input import DayInput
from members.lifecycle.models import Stage
from members.portfolio.models import Product

FREE_ROWS = 2  # empty rows for variables that the form offers
_FIELD = "member_field:"
KINDS = [
    ("", "–"),
    (f"{_FIELD}{MemberField.NAME}", _("Member: name")),
    (f"{_FIELD}{MemberField.MANAGER}", _("Member: relationship manager")),
    (f"{_FIELD}{MemberField.ASSESSMENT_ENDS}", _("Member: end of the risk assessment")),
    (VariableType.DATE, _("Date")),
    (VariableType.AMOUNT, _("Amount")),
    (VariableType.NUMBER, _("Number")),
    (VariableType.SHARE, _("Share")),
    (VariableType.TEXT, _("Text")),
]


def _as_inputs(form: forms.Form) -> None:
    for field in form.fields.values():
        if not isinstance(field.widget, forms.CheckboxSelectMultiple):
            field.widget.attrs["class"] = "input"


class AboutForm(forms.Form):
    """What a copy is about."""

    code = forms.RegexField(
        r"^[a-z][a-z0-9_]{0,59}$",
        label=_("Code"),
        max_length=60,
        help_text=_("Lower-case letters, digits and _, such as maturity_reminder"),
    )
    name = NormalTextField(label=_("Chinese name"), max_length=120)
    name_en = NormalTextField(label=_("English name"), max_length=120, required=False)
    purpose = forms.ChoiceField(label=_("Purpose"), choices=CopyPurpose.choices)
    product = forms.ModelChoiceField(
        Product.objects.order_by("name", "code"), label=_("Product"), required=False, empty_label="–"
    )
    theme = forms.ChoiceField(label=_("Theme"), choices=Theme.choices)
    stages = forms.MultipleChoiceField(
        label=_("Stages"), choices=Stage.choices, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, copy: Copy | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.label_suffix = ""
        if copy is not None:
            self.fields["code"].disabled = True
        _as_inputs(self)

    def about(self) -> About:
        """What the form says."""
        return About(**{name: self.cleaned_data[name] for name in self.fields})


class TextForm(forms.Form):
    """What a version says."""

    channel = forms.ChoiceField(label=_("Channel"), choices=CopyChannel.choices)
    language = forms.ChoiceField(label=_("Language"), choices=CopyLanguage.choices)
    subject = forms.CharField(label=_("Subject"), max_length=LONGEST_SUBJECT, required=False)
    body = forms.CharField(
        label=_("Text"),
        max_length=LONGEST_BODY,
        widget=forms.Textarea(attrs={"rows": 9}),
        help_text=_("Values in double braces: {{ name }}. Conditions: {% if name %} … {% endif %}."),
    )
    figures_as_of = forms.DateField(label=_("Figures as of"), widget=DayInput, required=False)
    figures_until = forms.DateField(label=_("Figures may be shown until"), widget=DayInput, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, version: CopyVersion | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.label_suffix = ""
        if version is not None:
            for name in ("channel", "language"):
                self.fields[name].disabled = True
                self.initial[name] = getattr(version, name)
        _as_inputs(self)

    @property
    def place(self) -> list[forms.BoundField]:
        """Where it is said."""
        return [self["channel"], self["language"]]

    @property
    def figures(self) -> list[forms.BoundField]:
        """Which days its figures are of."""
        return [self["figures_as_of"], self["figures_until"]]


class VariableForm(forms.Form):
    """A variable; a row without a name is left out."""

    name = forms.CharField(label=_("Variable"), max_length=40, required=False)
    kind = forms.ChoiceField(label=_("Type"), choices=KINDS, required=False)
    example = forms.CharField(label=_("Example"), max_length=80, required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.label_suffix = ""
        _as_inputs(self)


VariableForms = forms.formset_factory(
    VariableForm, extra=FREE_ROWS, max_num=MOST_VARIABLES, absolute_max=MOST_VARIABLES
)


def declared(rows: Any) -> dict[str, dict[str, str]]:
    """The declarations of filled rows, as versions keep them; what is wrong there is said when it is read."""
    made: dict[str, dict[str, str]] = {}
    for row in rows:
        given = row.cleaned_data if row.is_valid() else {}
        if name := given.get("name", "").strip():
            kind = given.get("kind", "")
            if kind.startswith(_FIELD):
                made[name] = {"type": VariableType.MEMBER_FIELD.value, "field": kind.removeprefix(_FIELD)}
            else:
                made[name] = {"type": kind} | ({"example": given["example"]} if given.get("example") else {})
    return made


def text_of_forms(form: TextForm, rows: Any) -> Text:
    """What both forms say, once they are valid."""
    given = form.cleaned_data
    return Text(
        given["channel"],
        given["language"],
        given["body"],
        given["subject"],
        declared(rows),
        given["figures_as_of"],
        given["figures_until"],
    )


def initial_text(text: Text | CopyVersion, revision: int | None = None) -> dict[str, Any]:
    """A text as the form has it."""
    names = ("channel", "language", "subject", "body", "figures_as_of", "figures_until")
    return {name: getattr(text, name) for name in names} | {"revision": revision}


def initial_variables(variables: Any) -> list[dict[str, str]]:
    """Declarations as the rows have them."""
    return [
        {
            "name": name,
            "kind": f"{_FIELD}{entry['field']}" if "field" in entry else entry["type"],
            "example": entry.get("example", ""),
        }
        for name, entry in variables.items()
    ]
