"""What a policy that is tried would do to key figures, with their targets."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crm.insights.kpis.policy_effects import BY_STAGE, list_effects
from crm.insights.models import KpiTarget
from crm.staff.models import Role
from members.lifecycle.policy.preview import Preview
from tests.crm.cast import NOW, staff_of

GROWTH, DECLINE, LEAD = ("growth", None), ("decline", "dormant"), ("acquisition", None)


@pytest.mark.django_db
def test_assets_by_stage_are_told_now_and_then_with_their_target():
    KpiTarget.objects.create(
        kpi="aum_decline", value=Decimal(250), effective_from=NOW, set_by=staff_of(Role.OPERATIONS),
        set_at=NOW, reason="plan",
    )  # fmt: skip
    moves = {(GROWTH, GROWTH): (8, Decimal(800)), (GROWTH, DECLINE): (1, Decimal(100))}
    moves |= {(DECLINE, DECLINE): (1, Decimal(200)), (LEAD, LEAD): (5, Decimal(0))}
    found = {effect.address: effect for effect in list_effects(Preview(moves=moves), NOW)}
    assert len(found) == len(BY_STAGE) >= 2
    fading = found["/kpis/aum_decline/"]
    assert (fading.before, fading.after, fading.target) == ("¥200", "¥300", "¥250")
    assert fading.meets == (True, False)
    growing = next(effect for effect in found.values() if effect.before == "¥900")
    assert (growing.after, growing.target, growing.meets) == ("¥800", "", (None, None))
