"""Policy changes and withdrawals as kinds of four-eyes request: what they are called, show and do."""

from __future__ import annotations

from crm.staff.four_eyes import requests
from crm.staff.models import Request
from crm.staff.permissions import DECIDE_REQUEST
from members.lifecycle.permissions import CHANGE_POLICY
from members.lifecycle.policy import withdraw
from members.lifecycle.policy.change import KIND, apply
from members.lifecycle.sentences.policy import (
    REQUEST_KIND,
    WITHDRAWAL_KIND,
    prepare_requests,
    request_lines,
    request_refusal,
    request_summary,
    withdrawal_lines,
    withdrawal_summary,
)


def register() -> None:
    """Publish the kinds (from AppConfig.ready)."""
    requests.register(
        KIND,
        apply,
        DECIDE_REQUEST,
        makers=CHANGE_POLICY,
        label=REQUEST_KIND,
        summarise=request_summary,
        describe=request_lines,
        refusal=request_refusal,
        needs_opinion=True,
        page="policy",
        query=trial_query,
        prepare=prepare_requests,
    )

    requests.register(
        withdraw.KIND,
        withdraw.apply,
        DECIDE_REQUEST,
        makers=CHANGE_POLICY,
        label=WITHDRAWAL_KIND,
        summarise=withdrawal_summary,
        describe=withdrawal_lines,
        needs_opinion=True,
        page="policy",
        query=lambda request: "#versions",
    )


def trial_query(request: Request) -> str:
    """What follows the policy page's address to show whom a request would move; empty for one without."""
    return f"?trial={request.proposal['trial']}#trial" if "trial" in request.proposal else ""
