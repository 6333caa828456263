"""Labels of the personal fields of a member, by field name."""

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
