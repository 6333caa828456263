"""Outcomes and reasons of both tables in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from members.portfolio.suitability.tables.facts import Outcome
from members.portfolio.suitability.tables.message import Reason
from members.portfolio.suitability.tables.purchase import PurchaseReason

Words = str | Promise

OUTCOMES: dict[Outcome, Words] = {
    Outcome.ALLOW: gettext_lazy("Eligible"),
    Outcome.WARN: gettext_lazy("Eligible with caution"),
    Outcome.FORBID: gettext_lazy("Not eligible"),
}
PURCHASE_OUTCOMES: dict[Outcome, Words] = {
    Outcome.ALLOW: gettext_lazy("Purchase allowed"),
    Outcome.CARE: gettext_lazy("Purchase allowed with special care"),
    Outcome.CONFIRM: gettext_lazy("Confirmation required"),
    Outcome.PROCEDURE: gettext_lazy("Cautious procedure required"),
    Outcome.FORBID: gettext_lazy("Purchase not allowed"),
}
_SHARED: dict[str, Words] = {
    "age_unknown": gettext_lazy("date of birth not on record"),
    "underage": gettext_lazy("under 18"),
    "not_assessed": gettext_lazy("no risk assessment"),
    "assessment_expired": gettext_lazy("risk assessment older than 12 months"),
    "assessment_withdrawn": gettext_lazy("risk assessment withdrawn after a change of facts"),
    "not_offered": gettext_lazy("product is no longer offered"),
    "not_registered": gettext_lazy("product's registration code not on record"),
    "no_risk_rating": gettext_lazy("product has no risk rating"),
    "under_review": gettext_lazy("product rating is under review"),
    "no_regime": gettext_lazy("product's regulatory regime not on record"),
    "qualified_only": gettext_lazy("private product, for verified qualified investors only"),
    "above_class": gettext_lazy("product risk above the member's risk class"),
    "lowest_class": gettext_lazy("lowest risk class: R1 only"),
    "within_class": gettext_lazy("within the member's risk class"),
    "no_row": gettext_lazy("no rule allows it"),
}
REASONS: dict[Reason, Words] = {
    **{Reason(name): words for name, words in _SHARED.items()},
    Reason.OPEN_COMPLAINT: gettext_lazy("a complaint is open: service only"),
    Reason.NO_BROADCAST: gettext_lazy("private products are not promoted to an audience"),
    Reason.TERM_TOO_LONG: gettext_lazy("term longer than the member's investment horizon"),
    Reason.NOT_LIQUID: gettext_lazy("locks up money for longer than the member's liquidity needs allow"),
    Reason.OLD: gettext_lazy("at an age at which R4 and R5 are offered through the special procedure only"),
    Reason.ELDERLY: gettext_lazy("at an age at which R4 and R5 are offered with caution"),
}
PURCHASE_REASONS: dict[PurchaseReason, Words] = {
    **{PurchaseReason(name): words for name, words in _SHARED.items()},
    PurchaseReason.OPERATOR_MAY_NOT: gettext_lazy(
        "this platform may not sell: forward the request to the institution"
    ),
    PurchaseReason.PROFESSIONAL_INSTITUTION: gettext_lazy("professional investor (institution)"),
    PurchaseReason.PROFESSIONAL_PERSON: gettext_lazy(
        "professional investor for funds, securities and futures"
    ),
    PurchaseReason.PROFESSIONAL_NOT_RECOGNISED: gettext_lazy(
        "for bank products a natural person counts as an ordinary investor"
    ),
    PurchaseReason.NOT_OWN_INITIATIVE: gettext_lazy(
        "above the member's risk class, and not on the member's own initiative"
    ),
    PurchaseReason.ABOVE_HOUSE_LIMIT: gettext_lazy("further above the risk class than the house rule allows"),
    PurchaseReason.OLD: gettext_lazy("at an age at which R4 and R5 need the cautious procedure"),
    PurchaseReason.NEEDS_CONFIRMATION: gettext_lazy(
        "above the member's risk class: only after written warning and confirmation"
    ),
    PurchaseReason.NOT_APPROPRIATE: gettext_lazy(
        "not shown to be appropriate: warn the member before going on"
    ),
    PurchaseReason.CONFIRMED: gettext_lazy("above the member's risk class, warned and confirmed"),
    PurchaseReason.HIGH_RISK: gettext_lazy("high-risk product: special care"),
    PurchaseReason.WARNED: gettext_lazy("not shown to be appropriate, warned and confirmed"),
}
_REVEALS_AGE = frozenset({"underage", "old", "elderly"})
_AGE_HIDDEN = gettext_lazy("personal circumstances")


def reason_text(reason: str, *, shows_age: bool) -> str:
    """A reason of the message table for one reader; without `shows_age`, one that reveals the member's age
    stays general."""
    return str(_AGE_HIDDEN if reason in _REVEALS_AGE and not shows_age else REASONS[Reason(reason)])


def purchase_reason_text(reason: str, *, shows_age: bool) -> str:
    """The same for a reason of the purchase table."""
    hidden = reason in _REVEALS_AGE and not shows_age
    return str(_AGE_HIDDEN if hidden else PURCHASE_REASONS[PurchaseReason(reason)])
