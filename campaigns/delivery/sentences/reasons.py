"""Why the gate withholds a message, and what would change that, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from members.portfolio.suitability.sentences.reasons import reason_text as suitability_text

# The reasons of the gate's own rows, and what would change each; empty: nothing here does.
REASONS: dict[str, tuple[Promise, Promise | str]] = {
    "copy_not_approved": (_("This version of the copy is not approved."), _("Submit it for review.")),
    "copy_withdrawn": (_("This version of the copy was withdrawn."), _("Use another version.")),
    "copy_expired": (
        _("The approval of this version has expired."),
        _("Create a new version and have it reviewed."),
    ),
    "copy_lapsed": (
        _("The approval of this version has lapsed."),
        _("Create a new version and have it reviewed."),
    ),
    "copy_other_channel": (
        _("This version was approved for another channel."),
        _("Use the version for this channel."),
    ),
    "value_missing": (
        _("A value that the text needs is missing for this member."),
        _("Complete the member record."),
    ),
    "value_refused": (
        _("The wording check finds a violation in a value of this member, such as the name."),
        _("Contact the member in person, or use a version without that value."),
    ),
    "operator_may_not": (_("The operator's role does not allow messages of this kind."), ""),
    "no_address": (_("The member has no address on this channel."), _("Use another channel.")),
    "no_consent": (
        _("The member has not consented to messages of this kind on this channel."),
        _("Only the member can give consent."),
    ),
    "suppressed": (
        _("The member's address is on the suppression list."),
        _("Lifting it takes two persons."),
    ),
    "no_sensitive_consent": (
        _("Members selected by account or holdings need separate consent, which this member has not given."),
        _("Select members without such data."),
    ),
    "personalisation_off": (
        _("The member has turned off personalised selection."),
        _("Use a selection that is not based on personal traits."),
    ),
    "quiet_hours": (_("Quiet hours where the member lives."), _("Decided again when they end.")),
    "capped": (
        _("The member has been contacted as often as the contact policy allows."),
        _("Decided again when the cap allows it."),
    ),
    "service": (_("Service message: based on the contract, no marketing content."), ""),
    "education": (_("Investor education: the member has consented and nothing stands against it."), ""),
    "marketing": (_("General marketing: the member has consented and nothing stands against it."), ""),
    "purpose_unknown": (_("The purpose of this copy is unknown."), ""),
}
# Why a message or deferral ended without a verdict.
ENDED: dict[str, Promise] = {
    "class_changed": _("Cancelled because the member's risk class or suitability status changed."),
    "rating_changed": _("Cancelled because the product's risk rating or terms changed."),
    "copy_withdrawn": _("Cancelled because the copy was withdrawn."),
    "copy_lapsed": _("Cancelled because the approval of the copy lapsed."),
    "consent_withdrawn": _("Cancelled because the member withdrew consent."),
    "suppressed": _("Cancelled because the member's address was suppressed."),
    "member_gone": _("Cancelled because the member no longer exists."),
    "other_text": _("Dropped because the text could not be rendered as it was queued."),
    "too_late": _("Dropped because the time limit had passed."),
}


@dataclass(frozen=True)
class ReasonText:
    """A reason as a sentence, and what would change it (empty: nothing here)."""

    text: str
    change: str


def reason_text(reason: str, *, shows_age: bool) -> ReasonText:
    """A reason of a verdict for one reader; without `shows_age` those that tell the age stay general."""
    if reason in REASONS:
        text, change = REASONS[reason]
        return ReasonText(str(text), str(change))
    return ReasonText(capfirst(suitability_text(reason, shows_age=shows_age)), "")


def ended_text(reason: str, *, shows_age: bool) -> str:
    """Why a message was cancelled or dropped: by what happened, or by a fresh verdict."""
    if reason in ENDED:
        return str(ENDED[reason])
    return reason_text(reason, shows_age=shows_age).text
