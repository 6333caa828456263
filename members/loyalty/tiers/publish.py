"""What tiers publish to the apps below."""

from __future__ import annotations

from crm.runtime import errors
from crm.staff import permissions
from crm.staff.four_eyes import requests
from crm.staff.permissions import DECIDE_REQUEST
from members.loyalty.permissions import CHANGE_TIERS, OVERRIDE_TIER
from members.loyalty.tiers import override
from members.loyalty.tiers.policy import propose
from members.loyalty.tiers.sentences import requests as words
from members.loyalty.tiers.sentences.refusals import REFUSALS


def publish() -> None:
    """Called once, from members.loyalty.publish."""
    errors.register(REFUSALS)
    permissions.register(CHANGE_TIERS, OVERRIDE_TIER)
    requests.register(
        propose.KIND,
        propose.apply,
        DECIDE_REQUEST,
        makers=CHANGE_TIERS,
        label=words.POLICY_KIND,
        summarise=words.policy_summary,
        describe=words.policy_lines,
        refusal=words.policy_refusal,
        needs_opinion=True,
    )
    requests.register(
        override.KIND,
        override.apply,
        DECIDE_REQUEST,
        makers=OVERRIDE_TIER,
        label=words.OVERRIDE_KIND,
        summarise=words.override_summary,
        describe=words.override_lines,
        needs_opinion=True,
    )
