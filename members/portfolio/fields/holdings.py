"""Products and categories that a member holds, what matures next, and the money that moved."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from members.portfolio.models import Category, Product
from members.portfolio.privacy import CLASSES
from members.rules.catalogue import groups
from members.rules.catalogue.fields import Display, Field
from members.rules.catalogue.platform_days import day_start
from members.rules.catalogue.types import Choice, Type

_TRANSACTION = CLASSES["Transaction"]
_PRIVACY = (_TRANSACTION["product"], _TRANSACTION["amount"])
_TABLES = ("portfolio_transaction",)
_NET = (
    "sum(CASE t.kind WHEN 'buy' THEN t.amount WHEN 'redemption' THEN -t.amount WHEN 'payout' THEN -t.amount"
    " ELSE 0 END)"
)
# Products of which more was bought than came back (units are not known), by index on the member.
_HELD = (
    f"SELECT t.product_id FROM portfolio_transaction AS t WHERE t.member_id = m.id AND t.at <= %(now)s"
    f" AND t.product_id IS NOT NULL GROUP BY t.product_id HAVING {_NET} > 0"
)
_PRODUCTS_HELD = f"FROM portfolio_product AS p WHERE p.id IN ({_HELD})"
_LOCAL = "CASE WHEN %(english)s AND {0}.name_en <> '' THEN {0}.name_en ELSE {0}.name END"
_NEXT_TRADE = "(SELECT min(t.at) FROM portfolio_transaction AS t WHERE t.member_id = m.id AND t.at > %(now)s)"
_HELD_CATEGORIES = f"FROM portfolio_category AS c WHERE c.id IN (SELECT p.category_id {_PRODUCTS_HELD})"
PRODUCTS = f"ARRAY(SELECT p.code {_PRODUCTS_HELD} ORDER BY p.code)::text[]"
CATEGORIES = f"ARRAY(SELECT c.code {_HELD_CATEGORIES} ORDER BY c.code)::text[]"
PRODUCT_COUNT = f"(SELECT count(*) FROM ({_HELD}) AS held)"
# Lots that mature from today on, each for as much as is still held of its product.
_MATURING = (
    "SELECT b.matures_on AS day, least(b.amount, n.net) AS held FROM portfolio_transaction AS b"
    f" CROSS JOIN LATERAL (SELECT {_NET} AS net FROM portfolio_transaction AS t"
    " WHERE t.member_id = b.member_id AND t.product_id = b.product_id AND t.at <= %(now)s) AS n"
    " WHERE b.member_id = m.id AND b.matures_on >= %(today)s AND b.at <= %(now)s AND n.net > 0"
)
MATURES = f"(SELECT min(l.day) FROM ({_MATURING}) AS l)"
MATURING_AMOUNT = f"(SELECT sum(l.held) FROM ({_MATURING}) AS l GROUP BY l.day ORDER BY l.day LIMIT 1)"
_NEXT_MATURITY = f"least({day_start(f'({MATURES} + 1)')}, {_NEXT_TRADE})"
TOTAL_BOUGHT = (
    "(SELECT coalesce(sum(t.amount), 0) FROM portfolio_transaction AS t"
    " WHERE t.member_id = m.id AND t.kind = 'buy' AND t.at <= %(now)s)"
)


def products() -> Sequence[Choice]:
    return [
        Choice(product.code, product.local_name, (product.name, product.name_en))
        for product in Product.objects.order_by("code")
    ]


def categories() -> Sequence[Choice]:
    return [
        Choice(category.code, category.local_name, (category.name, category.name_en))
        for category in Category.objects.order_by("code")
    ]


FIELDS = (
    Field(
        name="products",
        label=_("Products held"),
        help=_("Products of which the member has bought more than came back."),
        type=Type.SET,
        sql=PRODUCTS,
        privacy=_PRIVACY,
        tables=_TABLES,
        past=PRODUCTS,
        next=_NEXT_TRADE,
        choices=products,
        group=groups.PRODUCTS,
        searched_by=("holding", "portfolio"),
        display=Display(sql=f"ARRAY(SELECT {_LOCAL.format('p')} {_PRODUCTS_HELD} ORDER BY p.code)"),
    ),
    Field(
        name="categories",
        label=_("Categories held"),
        help=_("Categories of the products that the member holds."),
        type=Type.SET,
        sql=CATEGORIES,
        privacy=_PRIVACY,
        tables=(*_TABLES, "portfolio_product"),
        past=CATEGORIES,
        next=_NEXT_TRADE,
        choices=categories,
        group=groups.PRODUCTS,
        searched_by=("holding", "portfolio"),
        display=Display(sql=f"ARRAY(SELECT {_LOCAL.format('c')} {_HELD_CATEGORIES} ORDER BY c.code)"),
    ),
    Field(
        name="product_count",
        label=_("Number of products"),
        help=_("How many products the member holds."),
        type=Type.NUMBER,
        sql=PRODUCT_COUNT,
        privacy=_PRIVACY,
        tables=_TABLES,
        past=PRODUCT_COUNT,
        next=_NEXT_TRADE,
        group=groups.PRODUCTS,
        searched_by=("holdings", "cross-buy"),
    ),
    Field(
        name="next_maturity",
        label=_("Product matures"),
        help=_("The next day, today included, on which a holding matures."),
        type=Type.DAY,
        happens=True,
        sql=MATURES,
        privacy=(*_PRIVACY, _TRANSACTION["matures_on"]),
        tables=_TABLES,
        past=MATURES,
        next=_NEXT_MATURITY,
        group=groups.PRODUCTS,
        searched_by=("maturity", "payout"),
    ),
    Field(
        name="maturing_amount",
        label=_("Maturing amount"),
        help=_("What is held of the products that mature on that day."),
        type=Type.MONEY,
        sql=MATURING_AMOUNT,
        privacy=(*_PRIVACY, _TRANSACTION["matures_on"]),
        tables=_TABLES,
        past=MATURING_AMOUNT,
        next=_NEXT_MATURITY,
        group=groups.PRODUCTS,
        searched_by=("maturity", "payout"),
    ),
    Field(
        name="total_bought",
        label=_("Total bought"),
        help=_("The sum of all buys, savings plans included."),
        type=Type.MONEY,
        sql=TOTAL_BOUGHT,
        privacy=(_TRANSACTION["amount"],),
        tables=_TABLES,
        past=TOTAL_BOUGHT,
        next=_NEXT_TRADE,
        group=groups.ASSETS,
        searched_by=("invested", "volume"),
    ),
)
