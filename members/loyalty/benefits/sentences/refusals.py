"""Why something about benefits is refused or flagged, in words."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.loyalty.benefits.quota import use
from members.loyalty.benefits.settings import change
from members.loyalty.benefits.settings.inducement import Finding

FINDINGS: dict[str, Promise] = {
    Finding.GIFT_FOR_BUYING: _(
        "A benefit cannot reward a purchase: gifts, rebates and prize draws that promote sales are not "
        "allowed (CSRC Order No. 175 art. 24; Anti-Unfair Competition Law art. 11). Base it on the tier only."
    ),
    Finding.GIFT: _(
        "This benefit is a gift. Approve it only if it depends on the tier and never on a purchase "
        "(CSRC Order No. 175 art. 24)."
    ),
}
REFUSALS: dict[str, Promise] = {
    use.Refusal.NOT_AVAILABLE: _("This benefit is not available to the member at that time."),
    use.Refusal.USED_UP: _("The quota for this period is used up."),
    use.Refusal.NEEDS_APPROVAL: _("This benefit is above the cost limit. Request approval first."),
    use.Refusal.IN_THE_FUTURE: _("A benefit cannot be used in the future."),
    use.Refusal.TOO_LATE: _("Use can be recorded for the last %(days)s days only."),
    use.Refusal.OTHER_CONTENT: _("This key has already been used for another record."),
    use.Refusal.ALREADY_UNDONE: _("This use has already been undone."),
    use.Refusal.UNDO_TOO_LATE: _("Use can be undone only within 24 hours of being recorded."),
    use.Refusal.NOT_FOUND: _("This use no longer exists. Reload the page."),
    use.Refusal.NO_REQUEST_NEEDED: _("This benefit needs no approval. Record it directly."),
    use.Refusal.COST_CHANGED: _("The cost has changed since the request was made. Request it again."),
    change.Refusal.NO_CHANGES: _("These values are already in effect."),
    change.Refusal.NO_QUOTA: _("Set a quota for at least one tier."),
    change.Refusal.TOO_EARLY: _(
        "The effective date cannot be in the past or before the latest approved version."
    ),
    change.Refusal.CODE_TAKEN: _("Another benefit has this code."),
    change.Refusal.BASE_CHANGED: _(
        "Another version of this benefit has been approved since. Preview and propose the changes again."
    ),
    change.Refusal.PREVIEW_REQUIRED: _("Preview the impact of these exact values first."),
}
_WORDS = {**FINDINGS, **REFUSALS}


def validation_texts(error: ValidationError) -> dict[str, list[str]]:
    """The messages of a refused draft by field; "" for what concerns no field."""
    by_field = error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}
    return {name: [text for one in errors for text in _texts(one)] for name, errors in by_field.items()}


def _texts(error: ValidationError) -> list[str]:
    return [str(_WORDS[error.code])] if error.code in _WORDS else error.messages
