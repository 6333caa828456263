"""Changes of benefits and grants as kinds of four-eyes request: what they are called, show and do."""

from __future__ import annotations

from crm.staff.four_eyes import requests
from crm.staff.permissions import DECIDE_REQUEST
from members.loyalty.benefits.quota import grant
from members.loyalty.benefits.sentences import requests as sentences
from members.loyalty.benefits.settings import change
from members.loyalty.permissions import CHANGE_BENEFITS, RECORD_BENEFITS


def register() -> None:
    """Publish the kinds (from AppConfig.ready)."""
    requests.register(
        change.KIND,
        change.apply,
        DECIDE_REQUEST,
        makers=CHANGE_BENEFITS,
        label=sentences.CHANGE_KIND,
        summarise=sentences.change_summary,
        describe=sentences.change_lines,
        prepare=sentences.prepare_changes,
        needs_opinion=True,
        page="benefit-settings",
        query=lambda request: f"#request-{request.pk}",
    )
    requests.register(
        grant.KIND,
        grant.apply,
        DECIDE_REQUEST,
        makers=RECORD_BENEFITS,
        label=sentences.GRANT_KIND,
        summarise=sentences.grant_summary,
        describe=sentences.grant_lines,
    )
