"""The ratings of products on a day, and how they came about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from members.portfolio.models import Product, ProductRating, Rater


@dataclass(frozen=True)
class RatedProduct:
    """A product with what counts on a day, and the latest rating of each rater, in effect or not yet."""

    product: Product
    effective: str
    is_under_review: bool
    manager: ProductRating | None
    seller: ProductRating | None
    is_offered: bool


def rated_products(today: date, product_ids: Sequence[int] | None = None) -> list[RatedProduct]:
    """Every product (or these), by name: never by performance. Three queries."""
    products = Product.objects.select_related("category")
    if product_ids is not None:
        products = products.filter(pk__in=product_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT product_id, 'R' || risk, is_under_review FROM portfolio_ratings_on(%s)", [today]
        )
        counting = {product: (rating, in_review) for product, rating, in_review in cursor.fetchall()}
    latest = {
        (rating.product_id, rating.rater): rating
        for rating in ProductRating.objects.order_by("number").filter(product__in=products)
    }
    return [
        RatedProduct(
            product,
            effective=counting[product.pk][0],
            is_under_review=counting[product.pk][1],
            manager=latest.get((product.pk, Rater.MANAGER)),
            seller=latest.get((product.pk, Rater.SELLER)),
            is_offered=product.closed_on is None or product.closed_on > today,
        )
        for product in sorted(products, key=lambda one: (one.local_name, one.code))
    ]


def history_of(product: Product) -> list[ProductRating]:
    """All ratings of a product, the latest first."""
    return list(product.ratings.select_related("made_by").order_by("-effective_from", "-id"))
