"""The facts of both tables: columns of the relation that sql/facts.sql gives, by these names."""

from __future__ import annotations

from enum import StrEnum

from members.rules.decision_tables.conditions import In, Is, IsNull, Not, Ref, all_of, any_of, compare
from members.rules.decision_tables.table import Fact, FactType

ADULT = 18
HIGH_RISK = 4  # from R4 on
LONG_TERM = 90  # days; locked for longer is no place for money that may be needed at any time (house policy)


class Outcome(StrEnum):
    """What a table says, from the most lenient to the strictest."""

    ALLOW = "allow"
    WARN = "warn"  # a message: allowed, its officer is warned
    CARE = "care"  # a purchase: allowed, with special care
    CONFIRM = "confirm"  # a purchase: only after the member has confirmed, step by step
    PROCEDURE = "procedure"  # a purchase: only after the cautious procedure
    FORBID = "forbid"


class Assessment(StrEnum):
    """The state of the member's risk questionnaire."""

    NONE = "none"
    VALID = "valid"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


def _facts(kind: FactType, *names: str) -> tuple[Fact, ...]:
    return tuple(Fact(name, kind, f"{{f}}.{name}") for name in names)


# Of member and product.
SHARED = (
    *_facts(
        FactType.BOOLEAN,
        "is_institution",  # a professional investor by current evidence, and no natural person
        "is_professional_person",  # by current evidence
        "is_qualified",  # by current evidence
        "is_lowest_class",  # C0
        "is_offered",
        "is_registered",
        "is_under_review",
    ),
    *_facts(
        FactType.INTEGER,
        "age",
        "highest_risk",  # that the member's class may be offered, by the house rule; none without a class
        "product_risk",  # 1 for R1, the higher of manager's and seller's; none without a rating
        "term_days",  # 0 without a fixed term
        "old_age",
    ),
    *_facts(FactType.TEXT, "assessment", "regime"),
)
MESSAGE_ONLY = (
    *_facts(FactType.BOOLEAN, "has_open_complaint", "is_broadcast", "needs_liquidity"),
    *_facts(FactType.INTEGER, "horizon_days", "caution_age"),  # horizon_days: none where none is stated
)
# `levels_above`: by how many levels the product exceeds what the class may be offered.
PURCHASE_ONLY = (
    *_facts(FactType.BOOLEAN, "may_sell", "is_own_initiative", "is_confirmed", "is_procedure_done"),
    *_facts(FactType.INTEGER, "highest_jump", "levels_above"),
)

PERSON = Not(Is("is_institution"))
HAS_CLASS = Not(IsNull("highest_risk"))
ABOVE = all_of(HAS_CLASS, compare("product_risk", ">", Ref("highest_risk")))
WITHIN = compare("product_risk", "<=", Ref("highest_risk"))
# Natural persons are professional for funds, securities and futures only; institutions for bank products too.
PROFESSIONAL = any_of(
    all_of(Is("is_professional_person"), compare("regime", "=", "FS")),
    all_of(Is("is_institution"), In("regime", ("FS", "BW"))),
)
