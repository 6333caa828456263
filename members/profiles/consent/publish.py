"""What consent publishes to the apps below."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.runtime import errors
from crm.staff.four_eyes import requests
from crm.staff.permissions import DECIDE_REQUEST
from crm.web.assets import styles
from crm.web.frame import navigation
from crm.web.frame.navigation import WORK, Place
from members.profiles.consent import (
    file_kind,
    lift,
    texts,
)
from members.profiles.consent import sentences as words
from members.profiles.permissions import CHANGE_CONTACT_POLICY, SUPPRESS

SUPPRESSIONS = Place(
    "suppression",
    _("Suppression list"),
    "z",
    SUPPRESS,
    WORK,
    60,
    within=("suppression-find", "suppression-new", "suppression-lift"),
)


def publish() -> None:
    """Called once, from members.profiles.publish."""
    errors.register(words.REFUSALS)
    file_kind.publish()
    styles.register("profiles/consent")
    navigation.register(SUPPRESSIONS)
    requests.register(
        lift.KIND,
        lift.apply,
        DECIDE_REQUEST,
        makers=SUPPRESS,
        label=words.LIFT_KIND,
        summarise=words.lift_summary,
        describe=words.lift_lines,
        needs_opinion=True,
    )
    requests.register(
        texts.KIND,
        texts.apply,
        DECIDE_REQUEST,
        makers=CHANGE_CONTACT_POLICY,
        label=words.TEXT_KIND,
        summarise=words.text_summary,
        describe=words.text_lines,
        needs_opinion=True,
    )
