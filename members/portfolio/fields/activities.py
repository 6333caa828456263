"""Money that members moved, and their assets day by day."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from members.portfolio.fields.holdings import categories, products
from members.portfolio.models import ProductRisk, TransactionKind
from members.portfolio.privacy import CLASSES
from members.rules.catalogue.activities import Activity, Measure, Property
from members.rules.catalogue.types import Choice, Type

_TRANSACTION = CLASSES["Transaction"]
_THROUGH_PRODUCT = "a.product_id IN (SELECT p.id FROM portfolio_product AS p WHERE {condition})"
_THROUGH_CATEGORY = (
    "a.product_id IN (SELECT p.id FROM portfolio_product AS p"
    " JOIN portfolio_category AS c ON c.id = p.category_id WHERE {condition})"
)


def _kinds() -> Sequence[Choice]:
    return [Choice(value, label) for value, label in TransactionKind.choices]


def _risks() -> Sequence[Choice]:
    return [Choice(value, value) for value in ProductRisk.values]


TRANSACTION = Activity(
    name="transaction",
    label=_("Transaction"),
    did=_("made a transaction"),
    table="portfolio_transaction",
    at="a.at",
    privacy=(_TRANSACTION["at"],),
    properties=(
        Property(
            name="kind",
            label=_("Type"),
            type=Type.CHOICE,
            sql="a.kind",
            privacy=(_TRANSACTION["kind"],),
            choices=_kinds,
        ),
        Property(
            name="amount",
            label=_("Amount"),
            type=Type.MONEY,
            sql="a.amount",
            privacy=(_TRANSACTION["amount"],),
        ),
        Property(
            name="product",
            label=_("Product"),
            type=Type.CHOICE,
            sql="p.code",
            privacy=(_TRANSACTION["product"],),
            choices=products,
            through=_THROUGH_PRODUCT,
            tables=("portfolio_product",),
        ),
        Property(
            name="category",
            label=_("Product category"),
            type=Type.CHOICE,
            sql="c.code",
            privacy=(_TRANSACTION["product"],),
            choices=categories,
            through=_THROUGH_CATEGORY,
            tables=("portfolio_product", "portfolio_category"),
        ),
        Property(
            name="product_risk",
            label=_("Product risk"),
            type=Type.CHOICE,
            sql="p.risk",
            privacy=(_TRANSACTION["product"],),
            choices=_risks,
            through=_THROUGH_PRODUCT,
            tables=("portfolio_product",),
        ),
        Property(
            name="plan_debit",
            label=_("Savings plan debit"),
            type=Type.FLAG,
            sql="a.plan_debit",
            privacy=(_TRANSACTION["plan_debit"],),
        ),
        Property(
            name="matures_on",
            label=_("Maturity date"),
            type=Type.DAY,
            sql="a.matures_on",
            privacy=(_TRANSACTION["matures_on"],),
        ),
    ),
    searched_by=("buy", "redemption", "payout", "trade"),
)
ASSETS = Measure(
    name="aum",
    label=_("Assets"),
    table="portfolio_valuation",
    day="a.date",
    value="a.aum",
    type=Type.MONEY,
    privacy=(CLASSES["Valuation"]["aum"],),
)
