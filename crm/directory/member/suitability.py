"""What may be offered to a member and what is held above the member's class, as the member page says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.paginator import Page, Paginator
from django.utils.functional import Promise

from crm.directory.member.holdings import Holding
from crm.runtime.clock import day_of
from crm.staff.models import Staff
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
from members.profiles.masking import MaskLevel, mask_level
from members.profiles.models import Member

PAGE = 100  # products of one outcome on a page


@dataclass(frozen=True)
class Profile:
    """A member's questionnaire on a day: class, up to which product risk it reaches, until when it counts."""

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
class Verdict:
    """One product for one member; `code` is its category's, `reasons` are words for this reader."""

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
class Group:
    """The products with one outcome: a page of them, which knows how many there are."""

    words: str | Promise
    outcome: str
    page: Page[Verdict]


def investor_of(record: Member) -> Investor:
    """What suitability asks of a member, from the member's record with the preference read along."""
    wish = getattr(record, "preference", None)
    return Investor(
        risk_class=record.risk_class,
        assessed_on=record.risk_assessed_on,
        investor_type=record.investor_type,
        birth_date=record.birth_date,
        horizon_days=wish.horizon_days if wish else None,
    )


def profile_of(record: Member, now: datetime) -> Profile:
    """How the member's questionnaire stands. No query."""
    today, assessed = day_of(now), record.risk_assessed_on
    ends = expires_on(assessed) if assessed else None
    level = HIGHEST_RISK.get(record.risk_class or "", 0)
    return Profile(
        risk_class=record.risk_class or "",
        highest=f"R{level}" if level else "",
        assessed_on=assessed,
        expires_on=ends,
        validity=validity(investor_of(record), today),
        days_left=(ends - today).days if ends else None,
    )


def above_class(record: Member, held: Sequence[Holding]) -> list[Holding]:
    """What the member still holds that is riskier than the member's class."""
    investor = investor_of(record)
    return [
        holding
        for holding in held
        if holding.net > 0 and is_above_class(investor, ProductFacts(holding.risk, holding.regime))
    ]


def verdicts(record: Member, held: Sequence[Holding], staff: Staff, now: datetime) -> list[Verdict]:
    """Every product of the catalogue with the decision for this member, the least risky first. One query."""
    investor, today = investor_of(record), day_of(now)
    shows_age = mask_level("birth_date", staff) is not MaskLevel.HIDDEN
    have = {holding.product_id for holding in held if holding.net > 0}
    products = Product.objects.select_related("category").order_by("risk", "id")
    found = []
    for product in products:
        facts = ProductFacts(product.risk, product.regime, product.term_days)
        decided = check_suitability(investor, facts, today)
        reasons = tuple(reason_text(row.reason, shows_age=shows_age) for row in decided.rows)
        found.append(
            Verdict(
                product.name,
                product.category.code,
                product.category.name,
                product.risk,
                product.get_regime_display() or "",
                decided,
                reasons,
                product.pk in have,
            )
        )
    return found


def by_outcome(found: Sequence[Verdict], outcome: str = "", number: str = "") -> list[Group]:
    """A group for each outcome there is, what may be offered first; `number` is the page of one outcome."""
    groups = []
    for kind, words in OUTCOMES.items():
        verdicts = [verdict for verdict in found if verdict.suitability.outcome is kind]
        pages = Paginator(verdicts, PAGE)
        if verdicts:
            groups.append(Group(words, str(kind), pages.get_page(number if outcome == str(kind) else 1)))
    return groups
