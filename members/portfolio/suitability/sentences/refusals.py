"""Why a change of suitability is refused, in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.portfolio.suitability.change.refusals import Refusal

REFUSALS: dict[str, Promise] = {
    Refusal.NO_CHANGES: _("These values are already in effect."),
    Refusal.TOO_EARLY: _("The effective date cannot be in the past or before the latest approved version."),
    Refusal.BASE_CHANGED: _("Another version has been approved since. Propose the change again."),
    Refusal.UNDER_REVIEW: _("This rating is already under review."),
    Refusal.LOOSER: _("A house rule can only be stricter than the suitability tables."),
    Refusal.NO_EVIDENCE: _("Name the evidence and the condition that is met."),
    Refusal.TOO_LONG: _("A status is valid for at most one year from its verification."),
    Refusal.NOT_VERIFIED_YET: _("The verification date cannot be in the future."),
    Refusal.STATUS_ENDED: _("This status has already ended."),
    Refusal.NO_REASON: _("Give a reason."),
}
