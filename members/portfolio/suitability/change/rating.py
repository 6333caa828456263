"""Rate a product: by four eyes; one person alone may put it under review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from crm.runtime.clock import day_of
from crm.staff.four_eyes import requests
from crm.staff.models import Request, Staff
from crm.staff.permissions import require
from members.portfolio.models import Product, ProductRating, ProductRisk, Rater
from members.portfolio.permissions import CHANGE_SUITABILITY
from members.portfolio.suitability.change.refusals import Refusal, SuitabilityRefused

KIND = "portfolio.product_rating"


@dataclass(frozen=True)
class ProposedRating:
    """A rating that manager or seller gives a product from a day on, and what it is based on."""

    product: Product
    rater: Rater
    rating: ProductRisk
    basis: str
    effective_from: date


def latest_rating(product_id: int, rater: str) -> ProductRating | None:
    """What the rater's next rating follows."""
    found = ProductRating.objects.filter(product_id=product_id, rater=rater)
    return found.order_by("-number").first()


def propose(asked: ProposedRating, *, reason: str, maker: Staff, now: datetime) -> Request:
    """Ask for a rating. Raises SuitabilityRefused, and what requests.propose raises."""
    base = latest_rating(asked.product.pk, asked.rater)
    if asked.effective_from < max(day_of(now), base.effective_from if base else date.min):
        raise SuitabilityRefused(Refusal.TOO_EARLY)
    if not asked.basis.strip():
        raise SuitabilityRefused(Refusal.NO_EVIDENCE)
    if base and (base.rating, base.effective_from) == (asked.rating, asked.effective_from):
        raise SuitabilityRefused(Refusal.NO_CHANGES)
    content: dict[str, Any] = {
        "product": asked.product.pk,
        "rater": str(asked.rater),
        "rating": str(asked.rating),
        "basis": asked.basis.strip()[:500],
        "effective_from": asked.effective_from.isoformat(),
    }
    return requests.propose(
        kind=KIND,
        content=content,
        proposal=content | {"base": base.number if base else 0},
        diff={"rating": [base.rating if base else None, str(asked.rating)]},
        summary=f"{asked.product.code}: {asked.rater} rating {asked.rating}",
        reason=reason,
        maker=maker,
        now=now,
    )


def apply(request: Request, now: datetime) -> None:
    """Store the approved rating; where its day has passed meanwhile it counts from the day of approval.

    Raises BasisChanged where the rater has rated the product again since the request was made.
    """
    asked = request.proposal
    with transaction.atomic():
        Product.objects.select_for_update(no_key=True).get(pk=asked["product"])
        base = latest_rating(asked["product"], asked["rater"])
        if (base.number if base else 0) != asked["base"]:
            raise requests.BasisChanged(Refusal.BASE_CHANGED)
        ProductRating.objects.create(
            product_id=asked["product"],
            rater=asked["rater"],
            number=asked["base"] + 1,
            rating=asked["rating"],
            effective_from=max(date.fromisoformat(asked["effective_from"]), day_of(now)),
            basis=asked["basis"],
            request_id=request.pk,
            made_by_id=request.maker_id,
            created_at=now,
        )


def put_under_review(product: Product, rater: Rater, *, basis: str, staff: Staff, now: datetime) -> None:
    """From today on the product is not put forward, until a new rating of this rater is approved.

    Raises NotAllowed and SuitabilityRefused.
    """
    require(staff, CHANGE_SUITABILITY)
    if not basis.strip():
        raise SuitabilityRefused(Refusal.NO_REASON)
    with transaction.atomic():
        Product.objects.select_for_update(no_key=True).get(pk=product.pk)
        base = latest_rating(product.pk, rater)
        if base and base.rating is None:
            raise SuitabilityRefused(Refusal.UNDER_REVIEW)
        ProductRating.objects.create(
            product=product,
            rater=rater,
            number=1 + (base.number if base else 0),
            rating=None,
            effective_from=max(day_of(now), base.effective_from if base else date.min),
            basis=basis.strip()[:500],
            made_by=staff,
            created_at=now,
        )
