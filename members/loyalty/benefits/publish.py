"""What benefits and their use publish to the apps below."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.runtime import errors
from crm.staff import permissions
from crm.web import palette
from crm.web.assets import styles
from crm.web.frame import navigation
from crm.web.frame.navigation import WORK, Place
from members.loyalty.benefits import requests
from members.loyalty.benefits.sentences.refusals import REFUSALS
from members.loyalty.permissions import CHANGE_BENEFITS, RECONCILE_BENEFITS, RECORD_BENEFITS

DESK = Place(
    "benefit-desk", _("Benefit desk"), "b", RECORD_BENEFITS, WORK, 28, within=("benefit-desk-member",)
)


def publish() -> None:
    """Called once, from members.loyalty.publish."""
    permissions.register(RECORD_BENEFITS, CHANGE_BENEFITS, RECONCILE_BENEFITS)
    errors.register(REFUSALS)
    requests.register()
    styles.register("loyalty/benefits")
    navigation.register(DESK)
    palette.register_commands(
        palette.Command(_("Record use of a benefit"), "benefit-desk", RECORD_BENEFITS, _("benefit desk"))
    )
