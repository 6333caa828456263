"""What the desk registers with the apps below it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.desk.permissions import SEE_HOME
from crm.desk.reasons import registry as reasons
from crm.desk.reasons.sources.assessments import ASSESSMENTS
from crm.desk.reasons.sources.complaints import COMPLAINTS
from crm.desk.reasons.sources.maturities import MATURITIES
from crm.desk.reasons.sources.missed_plans import MISSED_PLANS
from crm.desk.reasons.sources.payouts import PAYOUTS
from crm.desk.reasons.sources.raised_ratings import RAISED_RATINGS
from crm.desk.reasons.sources.warnings import WARNINGS
from crm.staff import permissions
from crm.web.assets import styles
from crm.web.frame import navigation
from crm.web.frame.navigation import WORK, Place


def publish() -> None:
    """Called once, from AppConfig.ready()."""
    styles.register("desk/home")
    permissions.register(SEE_HOME)
    reasons.register(COMPLAINTS, WARNINGS, MATURITIES, PAYOUTS, MISSED_PLANS, ASSESSMENTS, RAISED_RATINGS)
    navigation.register(Place("home", _("Home"), "h", SEE_HOME, WORK, 10))
