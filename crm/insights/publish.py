"""What the figures publish to the apps below them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.insights.permissions import SEE_OVERVIEW, SET_TARGETS
from crm.staff import permissions
from crm.web.assets import styles
from crm.web.frame import navigation
from crm.web.frame.navigation import BUSINESS, Place


def publish() -> None:
    """Called once, from AppConfig.ready()."""
    styles.register("insights")
    permissions.register(SEE_OVERVIEW, SET_TARGETS)
    navigation.register(
        Place("lifecycle", _("Lifecycle"), "l", SEE_OVERVIEW, BUSINESS, 10, within=("moves",)),
        Place("kpis", _("KPIs"), "k", SEE_OVERVIEW, BUSINESS, 20, within=("kpi", "kpi-target")),
    )
