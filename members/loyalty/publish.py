"""What loyalty publishes to the apps below it, part by part."""

from __future__ import annotations

from crm.staff import permissions
from members.loyalty.benefits.publish import publish as publish_benefits
from members.loyalty.incentives.publish import publish as publish_incentives
from members.loyalty.overview.publish import publish as publish_overview
from members.loyalty.permissions import SEE_LOYALTY, SEE_LOYALTY_OVERVIEW, SEE_LOYALTY_SETTINGS
from members.loyalty.points.publish import publish as publish_points
from members.loyalty.tiers.publish import publish as publish_tiers


def publish() -> None:
    """Called once, from AppConfig.ready()."""
    permissions.register(SEE_LOYALTY, SEE_LOYALTY_OVERVIEW, SEE_LOYALTY_SETTINGS)
    publish_tiers()
    publish_benefits()
    publish_points()
    publish_incentives()
    publish_overview()
