"""Products, what members hold of them, and what says which product fits whom."""

from members.portfolio.models.product import Category, Product, ProductRisk, Regime
from members.portfolio.models.suitability import (
    HouseRule,
    InvestorStatus,
    ProductRating,
    PurchaseDecision,
    Rater,
    Status,
    SuitabilityDue,
)
from members.portfolio.models.trading import (
    DEBIT_GRACE_DAYS,
    DEBITED_WITHIN,
    MONEY,
    OUT_OF_AUM,
    Every,
    SavingPlan,
    SavingPlanQuerySet,
    Transaction,
    TransactionKind,
    TransactionQuerySet,
    Valuation,
)

__all__ = [
    "DEBITED_WITHIN",
    "DEBIT_GRACE_DAYS",
    "MONEY",
    "OUT_OF_AUM",
    "Category",
    "Every",
    "HouseRule",
    "InvestorStatus",
    "Product",
    "ProductRating",
    "ProductRisk",
    "PurchaseDecision",
    "Rater",
    "Regime",
    "SavingPlan",
    "SavingPlanQuerySet",
    "Status",
    "SuitabilityDue",
    "Transaction",
    "TransactionKind",
    "TransactionQuerySet",
    "Valuation",
]
