"""The forms in which a rule and the bases of a category are edited."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from campaigns.review.models import BasisStatus
from campaigns.review.pack_changes.sentences import CATEGORIES, FIELDS, SEVERITIES
from crm.runtime.text.fields import NormalTextField
from crm.web.forms.day_input import DayInput

_LINES = ("patterns", "passed")  # one pattern a line
_TEXTS = ("why_zh", "why_en", "mend_zh", "mend_en")
_HEAD = ("id", "category", "severity", *_TEXTS)


def _area(rows: int, **attrs: str) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **attrs})


class RuleForm(forms.Form):
    """A rule's entry. `more` holds what has no field: exceptions, or what a whole text must have."""

    code = forms.RegexField(
        label=_("Code"),
        regex=r"\A[A-Za-z][A-Za-z0-9._-]{1,59}\Z",
        help_text=_("Letters, digits, dots and hyphens; cannot be changed later."),
    )
    category = forms.ChoiceField(label=FIELDS["category"], choices=CATEGORIES.items())
    severity = forms.ChoiceField(label=FIELDS["severity"], choices=SEVERITIES.items())
    why_zh = NormalTextField(label=FIELDS["why_zh"], max_length=500, widget=_area(2))
    why_en = NormalTextField(label=FIELDS["why_en"], max_length=500, widget=_area(2))
    mend_zh = NormalTextField(label=FIELDS["mend_zh"], max_length=500, widget=_area(2))
    mend_en = NormalTextField(label=FIELDS["mend_en"], max_length=500, widget=_area(2))
    patterns = forms.CharField(
        label=FIELDS["patterns"],
        help_text=_("One per line. Alternatives in (…|…), a gap of up to 6 characters as ~6."),
        widget=_area(10, spellcheck="false"),
    )
    passed = forms.CharField(
        label=FIELDS["passed"],
        help_text=_("One per line. A match that overlaps one of these is not flagged."),
        required=False,
        widget=_area(5, spellcheck="false"),
    )
    negated = forms.BooleanField(label=FIELDS["negated"], required=False)
    more = forms.CharField(
        label=FIELDS["change"],
        help_text=_("JSON: where the severity differs, or what the whole text must contain."),
        required=False,
        widget=_area(8, spellcheck="false"),
    )

    def __init__(self, entry: Mapping[str, Any] | None, *, is_document: bool, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        self.entry, self.is_document = dict(entry or {}), is_document
        if entry is not None:
            del self.fields["code"], self.fields["category"]
        if is_document:
            for name in (*_LINES, "negated"):
                del self.fields[name]
        for name, field in self.fields.items():
            field.initial = self._initial(name)
            if name != "negated":
                field.widget.attrs["class"] = "input"

    def clean_more(self) -> dict[str, Any]:
        text = self.cleaned_data["more"].strip()
        try:
            found = json.loads(text) if text else {}
        except ValueError as error:
            raise ValidationError(_("Not JSON: %(fault)s"), params={"fault": str(error)}) from error
        if not isinstance(found, dict) or set(found) & {*_HEAD, *_LINES, "negated"}:
            raise ValidationError(_("A JSON object without the fields above."))
        return found

    def made_entry(self) -> dict[str, Any]:
        """The entry as a file has it. Only of a valid form."""
        given = self.cleaned_data
        entry: dict[str, Any] = {
            "id": self.entry.get("id") or given["code"],
            "category": self.entry.get("category") or given["category"],
            "severity": given["severity"],
            **{name: given[name] for name in _TEXTS},
        }
        for name in () if self.is_document else _LINES:
            if patterns := [line.strip() for line in given[name].splitlines() if line.strip()]:
                entry[name] = patterns
        if not self.is_document and not given["negated"]:
            entry["negated"] = False
        return entry | given["more"]

    def _initial(self, name: str) -> Any:
        if name in _LINES:
            return "\n".join(self.entry.get(name, ()))
        if name == "negated":
            return self.entry.get("negated", True)
        if name == "more":
            known = {*_HEAD, "negated", *(() if self.is_document else _LINES)}
            rest = {key: value for key, value in self.entry.items() if key not in known}
            return json.dumps(rest, ensure_ascii=False, indent=1) if rest else ""
        return self.entry.get(name)


class BasisForm(forms.Form):
    """One law behind a category; an empty one is left out."""

    law = NormalTextField(label=_("Law"), max_length=200, required=False)
    article = NormalTextField(label=_("Article"), max_length=100, required=False)
    grade = forms.ChoiceField(label=_("Grade"), choices=[(one, one) for one in "ABCD"])
    status = forms.ChoiceField(label=_("Status"), choices=BasisStatus.choices)
    in_force_from = forms.DateField(label=_("In force from"), required=False, widget=DayInput)
    in_force_to = forms.DateField(label=_("In force to"), required=False, widget=DayInput)
    last_checked = forms.DateField(label=_("Last checked"), required=False, widget=DayInput)
    checked_by = NormalTextField(label=_("Checked by"), max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("law") and any(given.get(name) for name in ("article", "checked_by")):
            raise ValidationError({"law": _("Enter the law.")})
        first, last = given.get("in_force_from"), given.get("in_force_to")
        if first and last and last < first:
            raise ValidationError({"in_force_to": _("The end is before the start.")})
        return given


BasisForms = forms.formset_factory(BasisForm, extra=1, max_num=20, validate_max=True)


def made_bases(forms_: Sequence[BasisForm]) -> list[dict[str, str]]:
    """The entries of bases as a file has them, without empty ones. Only of valid forms."""
    given = (form.cleaned_data for form in forms_)
    return [{name: str(value) for name, value in one.items() if value} for one in given if one.get("law")]
