"""Policy changes as a kind of four-eyes request: what it is called, shows and does."""

from __future__ import annotations

from crm.staff.four_eyes import requests
from crm.staff.models import Request
from crm.staff.permissions import DECIDE_REQUEST
from members.lifecycle.permissions import CHANGE_POLICY
from members.lifecycle.policy.change import KIND, apply
from members.lifecycle.sentences.policy import (
    REQUEST_KIND,
    prepare_requests,
    request_lines,
    request_refusal,
    request_summary,
)


def register() -> None:
    """Publish the kind (from AppConfig.ready)."""
    requests.register(
        KIND,
        apply,
        DECIDE_REQUEST,
        makers=CHANGE_POLICY,
        label=REQUEST_KIND,
        summarise=request_summary,
        describe=request_lines,
        refusal=request_refusal,
        page="policy",
        query=trial_query,
        prepare=prepare_requests,
    )


def trial_query(request: Request) -> str:
    """What follows the policy page's address to show whom a request would move; empty for one without."""
    return f"?trial={request.proposal['trial']}#trial" if "trial" in request.proposal else ""
