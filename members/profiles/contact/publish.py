"""What the contact policy and the log of contacts publish to the apps below."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.runtime import errors
from crm.staff.four_eyes import requests
from crm.staff.permissions import DECIDE_REQUEST
from crm.web.frame import navigation
from crm.web.frame.navigation import SYSTEM, Place
from members.profiles.contact import change_policy
from members.profiles.contact import sentences as words
from members.profiles.permissions import CHANGE_CONTACT_POLICY, SEE_CONTACT_POLICY

POLICY = Place(
    "contact-policy", _("Contact policy"), "f", SEE_CONTACT_POLICY, SYSTEM, 12, within=("consent-texts",)
)


def publish() -> None:
    """Called once, from members.profiles.publish."""
    errors.register(words.REFUSALS)
    navigation.register(POLICY)
    requests.register(
        change_policy.KIND,
        change_policy.apply,
        DECIDE_REQUEST,
        makers=CHANGE_CONTACT_POLICY,
        label=words.POLICY_KIND,
        summarise=words.policy_summary,
        describe=words.policy_lines,
        needs_opinion=True,
    )
