"""What benefits and their use publish to the apps below."""

from __future__ import annotations

from crm.runtime import errors
from crm.staff import permissions
from members.loyalty.benefits import requests
from members.loyalty.benefits.sentences.refusals import REFUSALS
from members.loyalty.permissions import CHANGE_BENEFITS, RECONCILE_BENEFITS, RECORD_BENEFITS


def publish() -> None:
    """Called once, from members.loyalty.publish."""
    permissions.register(RECORD_BENEFITS, CHANGE_BENEFITS, RECONCILE_BENEFITS)
    errors.register(REFUSALS)
    requests.register()
