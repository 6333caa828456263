"""The form of a new normal: why the lower assets are here to stay."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.runtime.text.fields import NormalTextField
from crm.staff.models import SHORTEST_REASON

OTHER = "other"
PRESETS = {
    "home": _("Bought a home"),
    "education": _("Children's education"),
    "business": _("Needed for the business"),
    "family": _("Family or health expenses"),
    "retirement": _("Living expenses in retirement"),
    "elsewhere": _("Moved part of the assets elsewhere permanently"),
}


class NewNormalForm(forms.Form):
    """A preset reason, or one's own words; both where both are given."""

    preset = forms.ChoiceField(
        label=_("Reason"), choices=[*PRESETS.items(), (OTHER, _("Another reason"))], widget=forms.RadioSelect
    )
    words = NormalTextField(
        label=_("Details"),
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 2, "class": "input"}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("preset") == OTHER and len(given.get("words", "")) < SHORTEST_REASON:
            self.add_error("words", _("Say what the reason is."))
        return given

    @property
    def reason(self) -> str:
        """The reason in one text, in the language of whoever writes it."""
        preset, words = self.cleaned_data["preset"], self.cleaned_data["words"]
        parts = (str(PRESETS.get(preset, "")), words)
        return " · ".join(part for part in parts if part)
