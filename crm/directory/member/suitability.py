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
from members.portfolio.sentences import OUTCOMES, reason_text
from members.portfolio.suitability import (
    HIGHEST_RISK,
    Investor,
    ProductFacts,
    Suitability,
    Validity,
    check_suitability,
    expires_on,
    is_above_class,
    validity,
)
from members.profiles.models import Member

PAGE = 100  # products of one outcome on a page


@dataclass(frozen=True)
class RiskProfile:
    """A member's risk assessment on a day: class, highest eligible product risk, and validity."""

    risk_class: str
    highest: str
    assessed_on: date | None
    expires_on: date | None
    validity: Validity
    days_left: int | None

    @property
    def is_valid(self) -> bool:
        return self.validity in {Validity.VALID, Validity.SOON}


@dataclass(frozen=True)
class ProductVerdict:
    """The suitability of one product for a member; `code` is of its category, `reasons` are texts."""

    name: str
    code: str
    category: str
    risk: str
    regime: str
    suitability: Suitability
    reasons: tuple[str, ...]
    held: bool

    @property
    def words(self) -> str | Promise:
        return OUTCOMES[self.suitability.outcome]


@dataclass(frozen=True)
class OutcomeGroup:
    """A page of the products with one outcome; it knows how many there are."""

    words: str | Promise
    outcome: str
    page: Page[ProductVerdict]


def investor_of(record: Member, *, has_open_complaint: bool = False) -> Investor:
    """The facts that suitability needs of a member, whose preference is read with the record."""
    preference = getattr(record, "preference", None)
    return Investor(
        risk_class=record.risk_class,
        assessed_on=record.risk_assessed_on,
        investor_type=record.investor_type,
        birth_date=record.birth_date,
        horizon_days=preference.horizon_days if preference else None,
        has_open_complaint=has_open_complaint,
    )


def risk_profile_of(record: Member, now: datetime) -> RiskProfile:
    """The risk profile of a member. No query."""
    today, assessed = day_of(now), record.risk_assessed_on
    ends = expires_on(assessed) if assessed else None
    level = HIGHEST_RISK.get(record.risk_class or "", 0)
    return RiskProfile(
        risk_class=record.risk_class or "",
        highest=f"R{level}" if level else "",
        assessed_on=assessed,
        expires_on=ends,
        validity=validity(investor_of(record), today),
        days_left=(ends - today).days if ends else None,
    )


def above_class(record: Member, held: Sequence[Holding]) -> list[Holding]:
    """The holdings whose risk exceeds the member's class."""
    investor = investor_of(record)
    return [
        holding
        for holding in held
        if holding.net > 0 and is_above_class(investor, ProductFacts(holding.risk, holding.regime))
    ]


def verdicts(
    record: Member, held: Sequence[Holding], staff: Staff, now: datetime, *, has_open_complaint: bool = False
) -> list[ProductVerdict]:
    """Every product of the catalogue with its verdict for this member, the least risky first. One query."""
    investor, today = investor_of(record, has_open_complaint=has_open_complaint), day_of(now)
    shows_age = mask_level("birth_date", staff) is not MaskLevel.HIDDEN
    held_products = {holding.product_id for holding in held if holding.net > 0}
    products = Product.objects.select_related("category").order_by("risk", "id")
    found = []
    for product in products:
        facts = ProductFacts(product.risk, product.regime, product.term_days)
        decided = check_suitability(investor, facts, today)
        reasons = tuple(reason_text(row.reason, shows_age=shows_age) for row in decided.rows)
        found.append(
            ProductVerdict(
                product.local_name,
                product.category.code,
                product.category.local_name,
                product.risk,
                product.get_regime_display() or "",
                decided,
                reasons,
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
