"""The five stages and their sub-states."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """The life stages, in the order a member goes through them."""

    ACQUISITION = "acquisition", _("Acquisition")
    ACTIVATION = "activation", _("Activation")
    GROWTH = "growth", _("Growth")
    MATURITY = "maturity", _("Maturity")
    DECLINE = "decline", _("Decline")


class SubState(models.TextChoices):
    """Stalled in activation, cleared (nothing left to hold, for now) in growth; the others in decline.

    Churned means gone: nothing is left to hold.
    """

    STALLED = "stalled", _("Stalled")
    CLEARED = "cleared", _("Cleared")
    AT_RISK = "at_risk", _("At risk")
    DORMANT = "dormant", _("Dormant")
    CHURNED = "churned", _("Churned")
