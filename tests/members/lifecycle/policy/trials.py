"""Trials of a policy, requested as people do."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from members.lifecycle.models import PolicyTrial
from members.lifecycle.policy import trial
from tests.members.lifecycle.crowd import NOW

VALUES = {"idle_days": 4, "dormant_days": 4, "fall_share": Decimal("0.99"), "mature_aum": Decimal(1600)}


def requested(asker, values=VALUES, now=NOW) -> PolicyTrial:
    return trial.request_trial(values, effective_from=now + timedelta(days=1), staff=asker, now=now)


def form(client, **changes) -> dict[str, str]:
    shown = client.get("/policy/").context_data["form"]
    return {field.html_name: str(field.value() or "") for field in shown} | changes
