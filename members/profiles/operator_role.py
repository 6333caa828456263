"""What the operator of this installation may do at all: the first choice that everything else rests on.

Source: 《金融产品网络营销管理办法》 (in force 30 September 2026): 2, 5, 18-25. A feature that is lawful for a
licensed institution is forbidden to a third-party platform. What no row below names is offered to nobody.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.db import models


class OperatorRole(models.TextChoices):
    """Who runs this installation."""

    LICENSED_INSTITUTION = "licensed_institution"
    THIRD_PARTY_PLATFORM = "third_party_platform"
    OTHER = "other"


class Feature(StrEnum):
    """What not every operator may offer."""

    RISK_QUESTIONNAIRE = "risk_questionnaire"
    SUITABILITY_ASSESSMENT = "suitability_assessment"  # deciding itself whether a purchase fits
    PURCHASE = "purchase"  # contract and payment, not forwarding to the institution
    PRODUCT_QA = "product_qa"  # one-to-one answers about a product
    PRODUCT_MARKETING = "product_marketing"  # reviewed content about a named product
    EDUCATION = "education"  # without any product


OFFERED: dict[OperatorRole, frozenset[Feature]] = {
    OperatorRole.LICENSED_INSTITUTION: frozenset(Feature),
    OperatorRole.THIRD_PARTY_PLATFORM: frozenset({Feature.PRODUCT_MARKETING, Feature.EDUCATION}),
    OperatorRole.OTHER: frozenset({Feature.EDUCATION}),
}


def operator_role() -> OperatorRole:
    """The role that is set. Raises ValueError where it is none (the system check names it first)."""
    return OperatorRole(settings.OPERATOR_ROLE)


def may_offer(feature: Feature) -> bool:
    """Whether the operator may offer a feature; no with a role that is not known."""
    if settings.OPERATOR_ROLE not in OperatorRole.values:
        return False
    return feature in OFFERED[operator_role()]


def check_operator_role(**_: Any) -> list[CheckMessage]:
    """E030: OPERATOR_ROLE is none of the roles."""
    if settings.OPERATOR_ROLE in OperatorRole.values:
        return []
    return [
        Error(
            f"OPERATOR_ROLE: {settings.OPERATOR_ROLE!r} is not a role.",
            hint=f"Use one of {', '.join(OperatorRole.values)}.",
            id="perennial.E030",
        )
    ]
