"""Forms for accounts and teams. crm.staff decides who may submit them and what they change."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from crm.runtime.text.fields import NormalTextField
from crm.staff.models import SHORTEST_REASON, Language, Role, Staff, Team


def _reason(**more: Any) -> NormalTextField:
    return NormalTextField(label=_("Reason"), min_length=SHORTEST_REASON, max_length=300, **more)


class _Form(forms.Form):
    """A form whose fields have the style of the product's inputs."""

    def __init__(self, data: Any = None, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial, label_suffix="")
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"


class AccountForm(_Form):
    """Name, role and team of an account, and why they change."""

    display_name = NormalTextField(label=_("Name"), max_length=80)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    team = forms.ModelChoiceField(
        Team.objects.order_by("name_key", "id"), label=_("Team"), required=False, empty_label=_("no team")
    )
    reason = _reason()

    @classmethod
    def of(cls, staff: Staff, data: Any = None) -> AccountForm:
        """The form with the stored values."""
        stored = {"display_name": staff.display_name, "role": staff.role, "team": staff.team_id}
        return cls(data, initial=stored)


class NewAccountForm(_Form):
    """A new account."""

    username = NormalTextField(
        label=_("Username"),
        max_length=60,
        help_text=_("Letters, digits, dots, hyphens and underscores. Cannot be changed later."),
        validators=[
            RegexValidator(
                r"^[A-Za-z0-9._-]+$", _("Use only letters, digits, dots, hyphens and underscores.")
            )
        ],
    )
    display_name = NormalTextField(label=_("Name"), max_length=80)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    team = forms.ModelChoiceField(
        Team.objects.order_by("name_key", "id"), label=_("Team"), required=False, empty_label=_("no team")
    )
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices, required=False)
    reason = _reason(help_text=_("For example: joins the Shanghai team on 1 December."))


class TeamForm(_Form):
    """The name of a team, and why it is created or renamed."""

    name = NormalTextField(label=_("Team name"), max_length=80)
    name_en = NormalTextField(
        label=_("Team name in English"),
        max_length=80,
        required=False,
        help_text=_("Shown to staff who read English. If empty, they see the team name."),
    )
    reason = _reason()
