"""What the overview publishes to the apps below."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.web.assets import styles
from crm.web.frame import navigation
from crm.web.frame.navigation import SYSTEM, Place
from members.loyalty import configuration
from members.loyalty.permissions import SEE_LOYALTY_SETTINGS


def publish() -> None:
    """Called once, from members.loyalty.publish, after the parts have registered what they configure."""
    styles.register("loyalty/overview")
    navigation.register(
        Place(
            "loyalty-settings",
            _("Loyalty settings"),
            "o",
            SEE_LOYALTY_SETTINGS,
            SYSTEM,
            10,
            within=configuration.addresses(),
        )
    )
