"""What badges and quests publish to the apps below."""

from __future__ import annotations

from crm.runtime import errors
from crm.staff import permissions
from crm.staff.four_eyes import requests
from crm.staff.permissions import DECIDE_REQUEST
from members.loyalty.incentives import configure
from members.loyalty.incentives.sentences import requests as words
from members.loyalty.incentives.sentences.refusals import REFUSALS
from members.loyalty.permissions import CHANGE_INCENTIVES


def publish() -> None:
    """Called once, from members.loyalty.publish."""
    errors.register(REFUSALS)
    permissions.register(CHANGE_INCENTIVES)
    requests.register(
        configure.KIND,
        configure.apply,
        DECIDE_REQUEST,
        makers=CHANGE_INCENTIVES,
        label=words.REQUEST_KIND,
        summarise=words.request_summary,
        describe=words.request_lines,
        needs_opinion=True,
    )
