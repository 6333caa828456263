"""Labels of the personal fields of a member, by field name, and reasons to reveal one."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from crm.runtime.extension.labels import Label

FIELD_LABELS: dict[str, Label] = {
    "name": gettext_lazy("Name"),
    "mobile": gettext_lazy("Mobile"),
    "email": gettext_lazy("Email"),
    "id_number": gettext_lazy("ID number"),
    "address": gettext_lazy("Address"),
    "birth_date": gettext_lazy("Date of birth"),
    "sex": gettext_lazy("Gender"),
    "region": gettext_lazy("Region"),
    "occupation": gettext_lazy("Occupation"),
    "income_band": gettext_lazy("Income"),
    "language": gettext_lazy("Language"),
}

# Why a masked value is usually revealed; any other reason may be typed.
REVEAL_REASONS: tuple[Label, ...] = (
    gettext_lazy("Call back"),
    gettext_lazy("Verify identity"),
    gettext_lazy("Handle complaint"),
    gettext_lazy("Send documents"),
    gettext_lazy("Compliance review"),
)
