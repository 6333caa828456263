"""Which products are eligible for a member, and which holdings exceed the member's risk class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.paginator import Page, Paginator
from django.utils.functional import Promise

from crm.directory.member.holdings import Holding
from crm.runtime.clock import day_of
from crm.staff.models import Staff
from crm.staff.privacy.mask_levels import MaskLevel, mask_level
from members.portfolio.models import Product
from members.portfolio.suitability.decide import Suitability, check_suitability, is_above_class
from members.portfolio.suitability.read_facts import read_facts
from members.portfolio.suitability.sentences.reasons import OUTCOMES, reason_text
from members.portfolio.suitability.tables.message import Reason
from members.profiles.models import Member
from members.profiles.questionnaires.validity import State, end_of, state_of

PAGE = 100  # products of one outcome on a page


@dataclass(frozen=True)
class RiskProfile:
    """A member's risk assessment on a day: class, highest eligible product risk, and validity."""

    risk_class: str
    highest: str
    assessed_on: date | None
    expires_on: date | None
    validity: State
    days_left: int | None

    @property
    def is_valid(self) -> bool:
        return self.validity in {State.VALID, State.EXPIRING}


@dataclass(frozen=True)
class ProductVerdict:
    """The suitability of one product for a member; `code` is of its category, `reasons` are texts."""

    product_id: int
    name: str
    code: str
    category: str
    risk: str
    regime: str
    suitability: Suitability
    reasons: tuple[str, ...]
    held: bool

    @property
    def is_above_class(self) -> bool:
        """Whether the product is riskier than the member's class allows, whatever else holds."""
        return Reason.ABOVE_CLASS in self.suitability.decision.reasons

    @property
    def words(self) -> str | Promise:
        return OUTCOMES[self.suitability.outcome]


@dataclass(frozen=True)
class OutcomeGroup:
    """A page of the products with one outcome; it knows how many there are."""

    words: str | Promise
    outcome: str
    page: Page[ProductVerdict]


def risk_profile_of(record: Member, highest: int, now: datetime) -> RiskProfile:
    """The risk profile of a member; `highest` is the product risk that the class allows, 0 for none."""
    today, assessed = day_of(now), record.risk_assessed_on
    ends = end_of(assessed, record.risk_ends_on) if assessed else None
    return RiskProfile(
        risk_class=record.risk_class or "",
        highest=f"R{highest}" if highest else "",
        assessed_on=assessed,
        expires_on=ends,
        validity=state_of(assessed, record.risk_ends_on, today, is_withdrawn=False),
        days_left=(ends - today).days if ends else None,
    )


def above_class(record: Member, held: Sequence[Holding], now: datetime) -> list[Holding]:
    """The holdings whose risk exceeds the member's class. One query, none without holdings."""
    net = [holding for holding in held if holding.net > 0]
    if not net:
        return []
    facts = read_facts([record.pk], [holding.product_id for holding in net], now)
    above = {one.product_id for one in facts if is_above_class(one.values)}
    return [holding for holding in net if holding.product_id in above]


def verdicts(record: Member, held: Sequence[Holding], staff: Staff, now: datetime) -> list[ProductVerdict]:
    """Every product of the catalogue with its verdict for this member, the least risky first. Two queries."""
    shows_age = mask_level("birth_date", staff) is not MaskLevel.HIDDEN
    held_products = {holding.product_id for holding in held if holding.net > 0}
    products = Product.objects.select_related("category").in_bulk()
    found = []
    for one in check_suitability(record.pk, now):
        product = products[one.product_id]
        found.append(
            ProductVerdict(
                product.pk,
                product.local_name,
                product.category.code,
                product.category.local_name,
                f"R{one.facts['product_risk']}",
                product.get_regime_display() or "",
                one,
                tuple(reason_text(reason, shows_age=shows_age) for reason in one.decision.reasons),
                product.pk in held_products,
            )
        )
    return found


def by_outcome(found: Sequence[ProductVerdict], outcome: str = "", number: str = "") -> list[OutcomeGroup]:
    """A group for each outcome with products, the eligible first; `number` is the page of one outcome."""
    groups = []
    for kind, label in OUTCOMES.items():
        verdicts = [verdict for verdict in found if verdict.suitability.outcome is kind]
        pages = Paginator(verdicts, PAGE)
        if verdicts:
            page = pages.get_page(number if outcome == str(kind) else 1)
            groups.append(OutcomeGroup(label, str(kind), page))
    return groups
