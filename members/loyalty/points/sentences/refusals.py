"""Why a posting or a change is refused, in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.loyalty.points.configuration.refusals import Refusal as Change
from members.loyalty.points.ledger.refusals import Refusal

REFUSALS: dict[str, Promise] = {
    Refusal.NOT_ENOUGH: _("Not enough points: %(left)s available."),
    Refusal.KEY_REUSED: _("This reference was already used for another posting."),
    Refusal.OUT_OF_STOCK: _("Out of stock: %(left)s left."),
    Refusal.NO_ENTRY: _("No such posting of this member."),
    Refusal.NO_REWARD: _("This reward is not available."),
    Refusal.CANCELLED_ALREADY: _("This redemption was already cancelled."),
    Refusal.NOT_POSITIVE: _("Enter a whole number of points above 0."),
    Refusal.RESERVED_KEY: _("A reference has 1 to 200 characters and does not begin with “~”."),
    Change.TOO_EARLY: _("The effective date cannot be in the past or before the latest approved version."),
    Change.BASE_CHANGED: _("This was changed since it was proposed. Propose it again."),
    Change.NO_CHANGES: _("These values are already in effect."),
    Change.NO_NAME: _("Enter a code and a name."),
    Change.BAD_NUMBER: _("One of the numbers is out of range."),
    Change.BAD_PROPERTY: _("Choose an amount of this activity, and for how much of it points are given."),
    Change.EARNS_FROM_ITSELF: _("Points cannot be earned by earning or redeeming points."),
    Change.BAD_TIER: _("A multiplier names a tier that does not exist."),
    Change.CAPS_ORDER: _("The cap per day must not exceed the cap per month."),
    Change.BAD_EXPIRY: _("Enter months for expiry after earning, and grace days only for end of year."),
    Change.BALANCE_CHANGED: _("The member does not have these points."),
}
