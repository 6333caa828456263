"""What the pages of suitability are sent in the test of every address: {address: (table written, form)}."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from members.portfolio.models import InvestorStatus
from members.portfolio.suitability.house_rule import TABLE_VALUES
from tests.members.portfolio.suitability.world import REASON, TODAY, verified

Form = dict[str, Any]
_TOMORROW = (TODAY + timedelta(days=1)).isoformat()


def _rating(world: Any, is_others: bool) -> Form:
    given = {"rater": "seller", "rating": "R3", "basis": "report 7", "reason": REASON}
    return given | {"effective_from": _TOMORROW}


def _house_rule(world: Any, is_others: bool) -> Form:
    """As the tables are, with one value stricter."""
    return TABLE_VALUES | {"highest_jump": 1, "effective_from": _TOMORROW, "reason": REASON}


def _status(world: Any, is_others: bool) -> Form:
    return {
        "basis": "qualified_assets", "evidence": "folder 7", "reason": REASON,
        "verified_on": TODAY.isoformat(), "valid_until": (TODAY + timedelta(days=90)).isoformat(),
    }  # fmt: skip


def _ended_status(world: Any, is_others: bool) -> Form:
    """One that two people have agreed on before."""
    who = world.theirs if is_others else world.mine
    known = InvestorStatus.objects.filter(member_id=who.id, ended_on=None).first()
    return {"status": known.request_id if known else verified(who.id).pk, "reason": REASON}


def _purchase(world: Any, is_others: bool) -> Form:
    return {"product": world.samples["product_id"][0], "steps": ["own_initiative"], "key": str(uuid.uuid4())}


SUITABILITY_DEEDS = {
    "product-rating": ("staff_request", _rating),
    "house-rule": ("staff_request", _house_rule),
    "investor-status": ("staff_request", _status),
    "investor-status-end": ("portfolio_investorstatus", _ended_status),
    "purchase-check": ("portfolio_purchasedecision", _purchase),
}
