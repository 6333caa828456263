"""Products, transactions, valuations, saving plans: columns, rules, keys."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from crm.imports.column import Column, Fault, Reference, required
from crm.imports.columns import (
    DAMAGED_ID,
    amount,
    choice,
    code,
    currency,
    day,
    instant,
    integer,
    source_id,
    text,
)
from crm.imports.errors import row_errors
from crm.imports.errors.row_errors import make_reason
from crm.imports.kinds import Flow, Kind, Undo, register
from crm.imports.values import fits
from members.portfolio.models import Every, ProductRisk, Regime, TransactionKind
from members.profiles.imports.columns import creating, member

PLAN_DEBIT = "plan_debit"  # a word of files: a buy whose flag is set

row_errors.publish(
    {
        "no_such_product": gettext_noop("unknown product"),
        "before_purchase": gettext_noop("before the day of the purchase"),
        "before_start": gettext_noop("before the start date"),
    }
)


def product() -> Column:
    """The product a row is about, by its code; may be empty."""
    reference = Reference(
        "LEFT JOIN portfolio_product AS {alias} ON {alias}.code = {v}",
        "{alias}.id",
        make_reason("no_such_product"),
    )
    return Column(
        "product_id", DAMAGED_ID, value="s.found_product_id", reference=reference, shows=fits.identifier
    )


PRODUCTS = Kind(
    "products",
    "portfolio_product",
    (
        required(code("product_id", 120, target="code")),
        required(text("name", 200)),
        text("name_en", 200),
        required(
            creating("category", 60, target="category_id", table="portfolio_category", label="categories")
        ),
        required(choice("risk", ProductRisk.values)),
        choice("regime", Regime.values),
        integer("term_days"),
        text("registration_code", 60),
        day("closed_on", latest=""),
    ),
    key=("code",),
    undo=Undo(("id",), removes=False),
    label=_("Product catalogue"),
)


def _transaction_kind() -> Column:
    """The kind of a transaction; files have a word of its own for a plan's debit, stored as a buy."""
    kinds = [TransactionKind.BUY.value, PLAN_DEBIT, *TransactionKind.values[1:]]
    return replace(
        choice("kind", kinds),
        value=f"CASE {{v}} WHEN '{PLAN_DEBIT}' THEN '{TransactionKind.BUY}' ELSE {{v}} END",
        also={"plan_debit": f"{{v}} = '{PLAN_DEBIT}'"},
    )


_IS_BUY = f"s.kind IN ('{TransactionKind.BUY}', '{PLAN_DEBIT}')"


def _matures_on() -> Column:
    """When a buy matures, where the file says it; without it the database adds the product's term."""
    return replace(day("matures_on", latest=""), value=f"CASE WHEN {_IS_BUY} THEN {{v}}::date END")


TRANSACTIONS = Kind(
    "transactions",
    "portfolio_transaction",
    (
        source_id("transaction_id"),
        required(member()),
        required(instant("at")),
        required(_transaction_kind()),
        required(amount("amount")),
        currency(),
        product(),
        _matures_on(),
    ),
    key=("member_id", "id"),
    rules=(
        (
            "matures_on",
            Fault(
                f"{_IS_BUY} AND s.matures_on::date < s.at::timestamptz::date", make_reason("before_purchase")
            ),
        ),
    ),
    flow=Flow("amount", "kind", money_in="redemption", money_out="buy"),
    row_id="transaction_id",
    undo=Undo(("member_id", "id")),
    label=_("Transactions"),
)

VALUATIONS = Kind(
    "valuations",
    "portfolio_valuation",
    (required(member()), required(day("date")), required(amount("aum", zero=True)), currency()),
    key=("member_id", "date"),
    undo=Undo(("member_id", "date")),
    label=_("Valuations"),
)

SAVING_PLANS = Kind(
    "saving_plans",
    "portfolio_savingplan",
    (
        source_id("plan_id"),
        required(member()),
        required(amount("amount")),
        currency(),
        required(choice("every", Every.values)),
        required(day("started_on")),
        day("ended_on", latest=""),
        product(),
    ),
    key=("member_id", "id"),
    # A text compares as its day: both passed as YYYY-MM-DD.
    rules=(("ended_on", Fault("s.ended_on < s.started_on", make_reason("before_start"))),),
    undo=Undo(("member_id", "id")),
    label=_("Savings plans"),
)


def publish() -> None:
    """Make the kinds known to the import."""
    register(PRODUCTS, TRANSACTIONS, VALUATIONS, SAVING_PLANS)
