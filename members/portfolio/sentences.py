"""Suitability in words: outcomes and reasons, in the reader's language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from members.portfolio.suitability import REVEALS_AGE, Outcome, Reason

OUTCOMES: dict[Outcome, str | Promise] = {
    Outcome.ALLOW: gettext_lazy("Eligible"),
    Outcome.WARN: gettext_lazy("Eligible with caution"),
    Outcome.FORBID: gettext_lazy("Not eligible"),
}
REASONS: dict[Reason, str | Promise] = {
    Reason.OPEN_COMPLAINT: gettext_lazy("a complaint is open: service only"),
    Reason.UNDERAGE: gettext_lazy("under 18"),
    Reason.NOT_ASSESSED: gettext_lazy("no risk assessment"),
    Reason.ASSESSMENT_EXPIRED: gettext_lazy("risk assessment older than 12 months"),
    Reason.NO_RISK_RATING: gettext_lazy("product has no risk rating"),
    Reason.NO_REGIME: gettext_lazy("product's regulatory regime not on record"),
    Reason.QUALIFIED_ONLY: gettext_lazy("private product, for verified qualified investors only"),
    Reason.ABOVE_CLASS: gettext_lazy("product risk above the member's risk class"),
    Reason.LOWEST_CLASS: gettext_lazy("lowest risk class: R1 only"),
    Reason.TERM_TOO_LONG: gettext_lazy("term longer than the member's investment horizon"),
    Reason.OLD_OR_AGE_UNKNOWN: gettext_lazy(
        "aged 65 or older, or age unknown: R4 and R5 only through the special procedure"
    ),
    Reason.ELDERLY: gettext_lazy("aged 60 or older: offer R4 and R5 with caution"),
    Reason.WITHIN_CLASS: gettext_lazy("within the member's risk class"),
}
_AGE_HIDDEN = gettext_lazy("personal circumstances")


def reason_text(reason: Reason, *, shows_age: bool) -> str:
    """A reason for one reader; without `shows_age`, those that reveal the member's age stay general."""
    return str(_AGE_HIDDEN if reason in REVEALS_AGE and not shows_age else REASONS[reason])
