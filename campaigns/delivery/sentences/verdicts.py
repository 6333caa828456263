"""The gate's answer about one member and one copy in a sentence."""

from __future__ import annotations

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.delivery.models import Outcome
from crm.web import formats

# The rows of the tables by their sources (docs/gate.md).
ROWS: dict[str, str | Promise] = {
    "M0": gettext_lazy("Open complaint (policy)"),
    "M1": gettext_lazy("Approved copy"),
    "M2": gettext_lazy("Consent and contact"),
    "M3": gettext_lazy("Legal capacity"),
    "M4": gettext_lazy("Valid questionnaire"),
    "M5": gettext_lazy("Product"),
    "M6": gettext_lazy("Private product"),
    "M7": gettext_lazy("Product risk and risk class"),
    "M8": gettext_lazy("Lowest risk class"),
    "M9": gettext_lazy("Term and goal"),
    "M10": gettext_lazy("Age 65 or older (policy)"),
    "M11": gettext_lazy("Age 60 or older (policy)"),
    "M12": gettext_lazy("Personalisation"),
    "M13": gettext_lazy("Suitable"),
    "OR": gettext_lazy("Operator's role"),
    "S1": gettext_lazy("Service message"),
    "S2": gettext_lazy("Investor education"),
    "S3": gettext_lazy("General marketing"),
}

_ABOUT_AGE = frozenset({"M3", "M10", "M11"})


def answer_sentence(outcome: str, row: str, not_before: datetime | None) -> str:
    """Yes, not yet, or no."""
    if outcome == Outcome.DEFER:
        at = formats.moment(not_before)
        return _("Not yet. It will be decided again on %(at)s.") % {"at": at}
    if outcome == Outcome.FORBID:
        return _("No. This member may not get this copy.")
    if row == "M11":
        return _("Yes, with caution. This member may get this copy now.")
    return _("Yes. This member may get this copy now.")


def row_label(row: str, *, shows_age: bool) -> str:
    """A row of the table with its number; without `shows_age` those about age have no name."""
    label = None if row in _ABOUT_AGE and not shows_age else ROWS.get(row)
    return f"{row} · {label}" if label else row
