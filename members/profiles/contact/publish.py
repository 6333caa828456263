"""What the contact policy and the log of contacts publish to the apps below."""

from __future__ import annotations

from crm.runtime import errors
from crm.staff.four_eyes import requests
from crm.staff.permissions import DECIDE_REQUEST
from members.profiles.contact import change_policy
from members.profiles.contact import sentences as words
from members.profiles.permissions import CHANGE_CONTACT_POLICY


def publish() -> None:
    """Called once, from members.profiles.publish."""
    errors.register(words.REFUSALS)
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
