"""Why a tier policy or an override is refused, in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.loyalty.tiers import override
from members.loyalty.tiers.policy.draft import Refusal

REFUSALS: dict[str, Promise] = {
    Refusal.NO_CHANGES: _("These rules are already the latest ones."),
    Refusal.UNKNOWN_VALUE: _("This rule does not exist."),
    Refusal.TOO_EARLY: _("Choose a day after today that is not before the latest approved version."),
    Refusal.THRESHOLD_MISSING: _("Enter a threshold of the chosen metric for every tier."),
    Refusal.THRESHOLD_INVALID: _("A threshold must be a positive number; points must be whole."),
    Refusal.THRESHOLDS_FALL: _("A higher tier cannot have a lower threshold."),
    Refusal.TRIAL_REQUIRED: _(
        "Preview the impact of these exact rules first. Previews older than a day, or of another version, "
        "are no longer valid."
    ),
    Refusal.BASE_CHANGED: _(
        "Another version of the tier rules has been approved since. Preview and propose the changes again."
    ),
    override.Refusal.MEMBER_NOT_FOUND: _("Member not found, or not registered."),
    override.Refusal.ENDS_TOO_EARLY: _("The override must end at least one day after it starts."),
    override.Refusal.ENDS_TOO_LATE: _("An override can last one year at most."),
}
