"""What an operator may not do is offered to nobody."""

from __future__ import annotations

import pytest

from members.profiles.operator_role import Feature, OperatorRole, check_operator_role, may_offer

# Compliance reference 2: what a third-party platform and others must have switched off.
FORBIDDEN = {
    "third_party_platform": {"risk_questionnaire", "suitability_assessment", "purchase", "product_qa"},
    "other": {
        "risk_questionnaire", "suitability_assessment", "purchase", "product_qa", "product_marketing",
    },
    "licensed_institution": set(),
}  # fmt: skip


@pytest.mark.parametrize("role", OperatorRole.values)
def test_a_feature_is_off_where_the_role_forbids_it(settings, role):
    settings.OPERATOR_ROLE = role
    assert {feature for feature in Feature if not may_offer(feature)} == FORBIDDEN[role]
    assert check_operator_role() == []


def test_an_unknown_role_is_named_and_may_do_nothing(settings):
    settings.OPERATOR_ROLE = "bank"
    assert not any(map(may_offer, Feature))
    assert [error.id for error in check_operator_role()] == ["perennial.E030"]
    assert "'bank'" in str(check_operator_role()[0])
