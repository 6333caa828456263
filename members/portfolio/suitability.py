"""Whether a product is suitable for a member: the rows of the message table that member and product decide.

The first row that holds decides, all that hold are kept as reasons. Approval, consent and contact times
(M1, M2, M12) are decided by whoever sends. M0 is house policy: service only while a complaint is open.
What is not known counts against the product, never for it.
Sources: 证券期货投资者适当性管理办法 22, the matching rules of 商业银行理财 and AMAC. An assessment is valid
for a year.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from members.portfolio.models import Regime
from members.profiles.models import InvestorType

# The highest product risk (1 for R1) that each risk class may hold.
HIGHEST_RISK = {"C0": 1, "C1": 1, "C2": 2, "C3": 3, "C4": 4, "C5": 5}
NOTICE = timedelta(days=30)  # how long before its end an assessment counts as expiring soon
ADULT, ELDERLY, OLD = 18, 60, 65  # years; the last two are house policy for R4 and R5
HIGH_RISK = 4
NOT_RATED = 9  # above every class


class Outcome(StrEnum):
    """Whether a product may be offered: no, with caution, yes."""

    FORBID = "forbid"
    WARN = "warn"
    ALLOW = "allow"


class Reason(StrEnum):
    """Why a row holds; members.portfolio.sentences puts each into words."""

    OPEN_COMPLAINT = "open_complaint"
    UNDERAGE = "underage"
    NOT_ASSESSED = "not_assessed"
    ASSESSMENT_EXPIRED = "assessment_expired"
    NO_RISK_RATING = "no_risk_rating"
    NO_REGIME = "no_regime"
    QUALIFIED_ONLY = "qualified_only"
    ABOVE_CLASS = "above_class"
    LOWEST_CLASS = "lowest_class"
    TERM_TOO_LONG = "term_too_long"
    OLD_OR_AGE_UNKNOWN = "old_or_age_unknown"
    ELDERLY = "elderly"
    WITHIN_CLASS = "within_class"


REVEALS_AGE = frozenset({Reason.UNDERAGE, Reason.OLD_OR_AGE_UNKNOWN, Reason.ELDERLY})


@dataclass(frozen=True)
class Investor:
    """What suitability needs of the member. Without `birth_date` the age is not known."""

    risk_class: str | None
    assessed_on: date | None
    investor_type: str | None = None
    birth_date: date | None = None
    horizon_days: int | None = None
    has_open_complaint: bool = False


@dataclass(frozen=True)
class ProductFacts:
    """What suitability needs of the product: the higher of its risk ratings, its regime, its term in days."""

    risk: str | None
    regime: str | None
    term_days: int | None = None


@dataclass(frozen=True)
class Case:
    """A member and a product on a platform day."""

    investor: Investor
    product: ProductFacts
    today: date

    @property
    def age(self) -> int | None:
        return age_on(self.investor.birth_date, self.today)

    @property
    def product_risk(self) -> int:
        """1 for R1 to 5 for R5; NOT_RATED for no rating."""
        return int(self.product.risk[1]) if self.product.risk else NOT_RATED

    @property
    def highest_risk(self) -> int:
        """The highest product risk of the member's class; 0 without a class."""
        return HIGHEST_RISK.get(self.investor.risk_class or "", 0)

    @property
    def is_professional(self) -> bool:
        """Natural persons can be professional investors for funds, securities and futures only."""
        return self.investor.investor_type == InvestorType.PROFESSIONAL and self.product.regime == Regime.FS

    @property
    def validity(self) -> Validity:
        return validity(self.investor, self.today)


@dataclass(frozen=True)
class Row:
    """One row of the table; `code` is its number in the message table."""

    code: str
    outcome: Outcome
    reason: Reason
    holds: Callable[[Case], bool]


@dataclass(frozen=True)
class Suitability:
    """The row that decided, and all rows that held."""

    decided_by: Row
    rows: tuple[Row, ...]

    @property
    def outcome(self) -> Outcome:
        return self.decided_by.outcome

    @property
    def is_allowed(self) -> bool:
        """Whether the product may be offered, with caution or without."""
        return self.outcome is not Outcome.FORBID


def age_on(born: date | None, today: date) -> int | None:
    """Full years; somebody born on 29 February is a year older on 1 March."""
    if born is None:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def expires_on(assessed_on: date) -> date:
    """The first day on which an assessment is not valid: a year later (28 February for 29 February)."""
    if (assessed_on.month, assessed_on.day) == (2, 29):
        return date(assessed_on.year + 1, 2, 28)
    return assessed_on.replace(year=assessed_on.year + 1)


def assessed_before(ends_on: date) -> date:
    """The latest day of an assessment that is not valid any more on a day."""
    latest = date(
        ends_on.year - 1, ends_on.month, min(ends_on.day, 28 if ends_on.month == 2 else ends_on.day)
    )
    following = latest + timedelta(days=1)
    return following if expires_on(following) <= ends_on else latest


class Validity(StrEnum):
    """Whether a member's risk assessment is valid."""

    NONE = "none"
    VALID = "valid"
    SOON = "soon"  # valid, and expires within NOTICE
    EXPIRED = "expired"


def validity(investor: Investor, today: date) -> Validity:
    """Whether the member's risk assessment is valid on a day."""
    if investor.risk_class is None or investor.assessed_on is None:
        return Validity.NONE
    ends = expires_on(investor.assessed_on)
    if today >= ends:
        return Validity.EXPIRED
    return Validity.SOON if today >= ends - NOTICE else Validity.VALID


def _is_aged(case: Case, years: int, if_unknown: bool) -> bool:
    return if_unknown if case.age is None else case.age >= years


_FORBID, _WARN, _ALLOW = Outcome.FORBID, Outcome.WARN, Outcome.ALLOW

TABLE: tuple[Row, ...] = (
    Row("M0", _FORBID, Reason.OPEN_COMPLAINT, lambda c: c.investor.has_open_complaint),
    Row("M3", _FORBID, Reason.UNDERAGE, lambda c: c.age is not None and c.age < ADULT),
    Row("M4", _FORBID, Reason.NOT_ASSESSED, lambda c: c.validity is Validity.NONE),
    Row("M4", _FORBID, Reason.ASSESSMENT_EXPIRED, lambda c: c.validity is Validity.EXPIRED),
    Row("M5", _FORBID, Reason.NO_RISK_RATING, lambda c: not c.product.risk),
    Row("M5", _FORBID, Reason.NO_REGIME, lambda c: not c.product.regime),
    Row(
        "M6",
        _FORBID,
        Reason.QUALIFIED_ONLY,
        lambda c: c.product.regime == Regime.PR and c.investor.investor_type != InvestorType.QUALIFIED,
    ),
    Row("M7", _FORBID, Reason.ABOVE_CLASS, lambda c: _is_above_class(c)),
    Row("M8", _FORBID, Reason.LOWEST_CLASS, lambda c: c.investor.risk_class == "C0" and c.product_risk > 1),
    Row(
        "M9",
        _FORBID,
        Reason.TERM_TOO_LONG,
        lambda c: bool(c.investor.horizon_days and (c.product.term_days or 0) > c.investor.horizon_days),
    ),
    Row(
        "M10",
        _FORBID,
        Reason.OLD_OR_AGE_UNKNOWN,
        lambda c: c.product_risk >= HIGH_RISK and _is_aged(c, OLD, if_unknown=True),
    ),
    Row(
        "M11",
        _WARN,
        Reason.ELDERLY,
        lambda c: c.product_risk >= HIGH_RISK and _is_aged(c, ELDERLY, if_unknown=False),
    ),
    Row("M13", _ALLOW, Reason.WITHIN_CLASS, lambda c: True),
)


def check_suitability(investor: Investor, product: ProductFacts, today: date) -> Suitability:
    """Whether this product may be offered to this member on a platform day, and why (not)."""
    case = Case(investor, product, today)
    held = [row for row in TABLE if row.holds(case)]
    stated = [row for row in held if row.outcome is not Outcome.ALLOW] or held
    return Suitability(held[0], tuple(stated))


def is_above_class(investor: Investor, product: ProductFacts) -> bool:
    """Whether a product is riskier than the member's class allows (M7), whatever else holds.

    False where there is no class to compare with.
    """
    return investor.risk_class is not None and _is_above_class(Case(investor, product, date.min))


def _is_above_class(case: Case) -> bool:
    return case.product_risk > case.highest_risk and not case.is_professional
