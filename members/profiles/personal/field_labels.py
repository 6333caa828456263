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

# Why a masked value is usually revealed, by the key that is stored; any other reason may be typed.
REVEAL_REASONS: dict[str, Label] = {
    "call_back": gettext_lazy("Call back"),
    "verify_identity": gettext_lazy("Verify identity"),
    "handle_complaint": gettext_lazy("Handle complaint"),
    "send_documents": gettext_lazy("Send documents"),
    "compliance_review": gettext_lazy("Compliance review"),
}
