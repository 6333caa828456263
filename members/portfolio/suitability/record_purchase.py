"""Decides a purchase that a member asked for, and records what was decided and by which facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from crm.staff.models import Staff
from crm.staff.permissions import require
from members.portfolio.models import PurchaseDecision
from members.portfolio.permissions import DECIDE_PURCHASES
from members.portfolio.suitability.read_facts import read_facts
from members.portfolio.suitability.tables.purchase import PURCHASE
from members.profiles.models import Member
from members.profiles.operator_role import Feature, may_offer
from members.rules.decision_tables.decide import decide


class Step(StrEnum):
    """What has been done before this decision; worded in members.portfolio.suitability.sentences."""

    OWN_INITIATIVE = "own_initiative"  # the member asked for it, nobody put it forward
    TOLD_UNSUITABLE = "told_unsuitable"
    NOT_LOWEST = "not_lowest"  # confirmed not to be in the lowest category
    RISK_WARNING = "risk_warning"  # special and in writing
    INSISTS = "insists"
    E_CONFIRMATION = "e_confirmation"
    MORE_TIME = "more_time"
    MORE_QUESTIONS = "more_questions"
    CALL_BACK = "call_back"
    MORE_FACTS = "more_facts"
    STRONGER_WARNING = "stronger_warning"


# 证券期货投资者适当性管理办法 19; 20 for R5; AMAC rules for 65 years and older.
CONFIRMATION = frozenset(
    {Step.TOLD_UNSUITABLE, Step.NOT_LOWEST, Step.RISK_WARNING, Step.INSISTS, Step.E_CONFIRMATION}
)
HIGHEST_RISK_STEPS = frozenset({Step.MORE_TIME, Step.MORE_QUESTIONS, Step.CALL_BACK})
PROCEDURE = frozenset({Step.MORE_FACTS, Step.STRONGER_WARNING, Step.MORE_TIME, Step.CALL_BACK})
HIGHEST = 5  # R5


class UnknownProduct(LookupError):
    """There is no such product."""


@dataclass(frozen=True)
class PurchaseRequest:
    """What a member asked for: `amount` in platform currency where it is known; `key` is the caller's own."""

    member_id: int
    product_id: int
    key: str
    steps: frozenset[Step] = frozenset()
    amount: Decimal | None = None


def purchase_facts(stored: Mapping[str, Any], steps: frozenset[Step]) -> dict[str, Any]:
    """The facts of the purchase table: those stored, and what has been done."""
    asked = CONFIRMATION | HIGHEST_RISK_STEPS if stored["product_risk"] == HIGHEST else CONFIRMATION
    return {
        **stored,
        "may_sell": may_offer(Feature.PURCHASE) and may_offer(Feature.SUITABILITY_ASSESSMENT),
        "is_own_initiative": Step.OWN_INITIATIVE in steps,
        "is_confirmed": asked <= steps,
        "is_procedure_done": steps >= PROCEDURE,
    }


def record_purchase(asked: PurchaseRequest, *, staff: Staff, now: datetime) -> PurchaseDecision:
    """Decide and record; the same key of the same member gives the decision that was recorded first.

    Raises NotAllowed, Member.DoesNotExist for a member whom this person does not see, UnknownProduct.
    """
    require(staff, DECIDE_PURCHASES)
    member = Member.objects.visible_to(staff).get(pk=asked.member_id)
    found = read_facts([member.pk], [asked.product_id], now)
    if not found:
        raise UnknownProduct(asked.product_id)
    facts = purchase_facts(found[0].values, asked.steps)
    decided = decide(PURCHASE, facts)
    decision = PurchaseDecision(
        member=member,
        id=asked.key,
        product_id=asked.product_id,
        at=now,
        staff=staff,
        steps=[step for step in Step if step in asked.steps],
        amount=asked.amount,
        outcome=decided.outcome,
        code=decided.row.code,
        reasons=list(decided.reasons),
        unknown=list(decided.unknown),
        table_version=PURCHASE.version,
        facts={name: _as_json(value) for name, value in facts.items()},
    )
    PurchaseDecision.objects.bulk_create([decision], ignore_conflicts=True)
    return PurchaseDecision.objects.get(member=member, id=asked.key)


def _as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
