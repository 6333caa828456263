"""Ratings, a house rule, verified investors and checked purchases, each agreed on as it would have been."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from crm.runtime.clock import day_start
from crm.staff.four_eyes.requests import approve
from crm.staff.models import Request, Role, Staff
from members.portfolio.models import InvestorStatus, Product, ProductRisk, PurchaseDecision, Rater, Status
from members.portfolio.suitability.change import house_rule, rating, status
from members.portfolio.suitability.house_rule import TABLE_VALUES
from members.portfolio.suitability.record_purchase import (
    CONFIRMATION,
    PurchaseRequest,
    Step,
    record_purchase,
)
from members.profiles.models import InvestorType, Member

BEGAN = 200  # days ago
AGREED = "同意 / Agreed"
REASON = "产品风险评级年度复核 / Yearly review of product ratings"
# The seller rates as the manager does, but for these.
STRICTER = {"P015": ProductRisk.R5, "P010": ProductRisk.R3}
IN_REVIEW = "P017"
PENDING = "P011"
RAISED, RAISED_AGO = "P012", 6  # from R3 to R4, so many days ago: its holders have to be told
JUMP = 1  # levels above the class, on the member's own initiative
VERIFIED = 60  # members, at most: the rest of those called qualified has not handed in evidence
_STATUS = {
    InvestorType.QUALIFIED: (Status.QUALIFIED, status.Basis.QUALIFIED_ASSETS),
    InvestorType.PROFESSIONAL: (Status.PROFESSIONAL_PERSON, status.Basis.ASSETS),
}


def build_suitability(staff: Sequence[Staff], *, today: date, now: datetime) -> dict[str, int]:
    """All of it; returns numbers of what there is."""
    maker = next(person for person in staff if person.role == Role.OPERATIONS)
    checker = next(person for person in staff if person.role == Role.COMPLIANCE)
    _rate(maker, checker, today=today, now=now)
    _rule(maker, checker, today=today, now=now)
    _verify(maker, checker, today=today)
    _check_purchases(staff, now=now)
    return {
        "ratings": sum(product.ratings.count() for product in Product.objects.all()),
        "statuses": InvestorStatus.objects.count(),
        "purchases": PurchaseDecision.objects.count(),
    }


def _agree(request: Request, checker: Staff, now: datetime) -> None:
    approve(request_id=request.pk, checker=checker, opinion=AGREED, now=now)


def _rate(maker: Staff, checker: Staff, *, today: date, now: datetime) -> None:
    """Every product by its seller, one of them under review since a week, one rating that waits."""
    began = today - timedelta(days=BEGAN)
    at = day_start(began)
    products = {product.code: product for product in Product.objects.order_by("code")}
    for code, product in products.items():
        given = STRICTER.get(code, ProductRisk(product.risk))
        asked = rating.ProposedRating(product, Rater.SELLER, given, f"评级报告 {began:%Y}-{code}", began)
        _agree(rating.propose(asked, reason=REASON, maker=maker, now=at), checker, at)
    raised_on = today - timedelta(days=RAISED_AGO)
    asked = rating.ProposedRating(
        products[RAISED], Rater.SELLER, ProductRisk.R4, "季度复评：股票仓位上升 / Equity share up", raised_on
    )
    at = day_start(raised_on)
    _agree(rating.propose(asked, reason=REASON, maker=maker, now=at), checker, at)
    rating.put_under_review(
        products[IN_REVIEW],
        Rater.SELLER,
        basis="投资范围变更，重新评级 / Investment scope changed, to be rated again",
        staff=maker,
        now=now - timedelta(days=7),
    )
    asked = rating.ProposedRating(
        products[PENDING],
        Rater.SELLER,
        ProductRisk.R4,
        "净值波动加大的评级报告 / Rating report on higher volatility",
        today + timedelta(days=3),
    )
    rating.propose(asked, reason="波动率超过上限 / Volatility above the limit", maker=maker, now=now)


def _rule(maker: Staff, checker: Staff, *, today: date, now: datetime) -> None:
    """One level above the class at most; that caution begins at 58 waits for approval."""
    began = today - timedelta(days=BEGAN)
    request = house_rule.propose(
        TABLE_VALUES | {"highest_jump": JUMP},
        effective_from=began,
        reason="超配不超过一级 / At most one level above the class",
        maker=maker,
        now=day_start(began),
    )
    _agree(request, checker, day_start(began))
    house_rule.propose(
        TABLE_VALUES | {"highest_jump": JUMP, "caution_age": 58},
        effective_from=today + timedelta(days=7),
        reason="临近退休的会员谨慎推介 / Caution with members near retirement",
        maker=maker,
        now=now,
    )


def _verify(maker: Staff, checker: Staff, *, today: date) -> None:
    """The evidence of some of those who are called qualified or professional; of a few it has run out."""
    called = Member.objects.filter(investor_type__in=_STATUS, risk_assessed_on__isnull=False).order_by("id")
    for number, member in enumerate(called[:VERIFIED]):
        kind, basis = _STATUS[InvestorType(member.investor_type or "")]
        verified_on = today - timedelta(days=380 if number % 10 == 9 else 20 + number * 3)
        asked = status.ProposedStatus(
            kind, basis, f"合格投资者档案 {member.pk:06}", verified_on, verified_on + timedelta(days=365)
        )
        at = day_start(verified_on)
        request = status.propose(
            member.pk, asked, reason="材料齐全 / Documents complete", maker=maker, now=at
        )
        _agree(request, checker, at)


def _check_purchases(staff: Sequence[Staff], *, now: datetime) -> None:
    """Purchases that members asked customer service for: one of each outcome that comes up."""
    service = next(person for person in staff if person.role == Role.CUSTOMER_SERVICE)
    ids = dict(Product.objects.values_list("code", "id"))
    asked: tuple[tuple[str, str, frozenset[Step]], ...] = (
        ("C3", "P009", frozenset()),
        ("C3", "P014", frozenset({Step.OWN_INITIATIVE})),
        ("C3", "P014", frozenset({Step.OWN_INITIATIVE, *CONFIRMATION})),
        ("C2", "P014", frozenset({Step.OWN_INITIATIVE, *CONFIRMATION})),
        ("C4", "P013", frozenset()),
        ("C1", "P005", frozenset({Step.OWN_INITIATIVE})),
        ("C5", "P022", frozenset({Step.OWN_INITIATIVE})),
    )
    for number, (risk_class, code, steps) in enumerate(asked):
        members = Member.objects.filter(risk_class=risk_class, risk_assessed_on__isnull=False)
        member = members.order_by("-risk_assessed_on", "id").first()
        if member is not None:
            record_purchase(
                PurchaseRequest(member.pk, ids[code], f"demo-{number}", steps),
                staff=service,
                now=now - timedelta(hours=len(asked) - number),
            )
