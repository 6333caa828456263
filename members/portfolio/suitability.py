"""Does a product fit a member? The rows of the message table that member and product alone decide.

The first row that holds decides, all that hold are kept as reasons. Approval, consent and contact times
(M1, M2, M12) are for whoever sends. What is not known counts against the product, never for it.
Source: 证券期货投资者适当性管理办法 22, 商业银行理财 and AMAC rules of matching; validity of a year.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.portfolio.models import Regime
from members.profiles.models import InvestorType

HIGHEST = {"C0": 1, "C1": 1, "C2": 2, "C3": 3, "C4": 4, "C5": 5}  # the riskiest product of each class
SOON = timedelta(days=30)
ADULT, ELDERLY, OLD = 18, 60, 65  # years; the last two are house policy for R4 and R5
RISKY = 4


class Outcome(StrEnum):
    """What a row says of offering the product: no, yes with care, yes."""

    FORBID = "forbid"
    WARN = "warn"
    ALLOW = "allow"


@dataclass(frozen=True)
class Investor:
    """What is asked of the member. `birth_date` empty: the age is not known."""

    risk_class: str | None
    assessed_on: date | None
    investor_type: str | None = None
    birth_date: date | None = None
    horizon_days: int | None = None


@dataclass(frozen=True)
class Offer:
    """What is asked of the product: the higher of the ratings given to it, its regime, its term."""

    risk: str | None
    regime: str | None
    term_days: int | None = None


@dataclass(frozen=True)
class Case:
    """A member and a product on a platform day."""

    investor: Investor
    offer: Offer
    today: date

    @property
    def age(self) -> int | None:
        return age_on(self.investor.birth_date, self.today)

    @property
    def level(self) -> int:
        """1 for R1 to 5 for R5; 9 for no rating."""
        return int(self.offer.risk[1]) if self.offer.risk else 9

    @property
    def ceiling(self) -> int:
        return HIGHEST.get(self.investor.risk_class or "", 0)

    @property
    def professional(self) -> bool:
        """Natural persons can be professional investors for funds, securities and futures only."""
        return self.investor.investor_type == InvestorType.PROFESSIONAL and self.offer.regime == Regime.FS


@dataclass(frozen=True)
class Row:
    """One line of the table. `personal`: its reason tells the member's age."""

    code: str
    outcome: Outcome
    reason: str | Promise
    holds: Callable[[Case], bool]
    personal: bool = False


@dataclass(frozen=True)
class Fit:
    """The row that decided, and all rows that held."""

    decided_by: Row
    reasons: tuple[Row, ...]

    @property
    def outcome(self) -> Outcome:
        return self.decided_by.outcome

    @property
    def fits(self) -> bool:
        return self.outcome is not Outcome.FORBID


def age_on(born: date | None, today: date) -> int | None:
    """Full years; somebody born on 29 February is a year older on 1 March."""
    if born is None:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def expires_on(assessed_on: date) -> date:
    """The first day on which a questionnaire no longer counts: the same day a year later."""
    if (assessed_on.month, assessed_on.day) == (2, 29):
        return date(assessed_on.year + 1, 2, 28)
    return assessed_on.replace(year=assessed_on.year + 1)


class Validity(StrEnum):
    """How a member's questionnaire stands."""

    NONE = "none"
    VALID = "valid"
    SOON = "soon"  # counts, for 30 more days at most
    EXPIRED = "expired"


def validity(investor: Investor, today: date) -> Validity:
    """How the member's questionnaire stands on a day."""
    if investor.risk_class is None or investor.assessed_on is None:
        return Validity.NONE
    ends = expires_on(investor.assessed_on)
    if today >= ends:
        return Validity.EXPIRED
    return Validity.SOON if today >= ends - SOON else Validity.VALID


def _aged(case: Case, least: int, unknown: bool) -> bool:
    return unknown if case.age is None else case.age >= least


TABLE: tuple[Row, ...] = (
    Row("M3", Outcome.FORBID, _("under 18"), lambda c: c.age is not None and c.age < ADULT, personal=True),
    Row(
        "M4",
        Outcome.FORBID,
        _("no risk assessment"),
        lambda c: validity(c.investor, c.today) is Validity.NONE,
    ),
    Row(
        "M4",
        Outcome.FORBID,
        _("risk assessment older than 12 months"),
        lambda c: validity(c.investor, c.today) is Validity.EXPIRED,
    ),
    Row("M5", Outcome.FORBID, _("product has no risk rating"), lambda c: not c.offer.risk),
    Row("M5", Outcome.FORBID, _("product's regulatory regime not on record"), lambda c: not c.offer.regime),
    Row(
        "M6",
        Outcome.FORBID,
        _("private product, for verified qualified investors only"),
        lambda c: c.offer.regime == Regime.PR and c.investor.investor_type != InvestorType.QUALIFIED,
    ),
    Row(
        "M7",
        Outcome.FORBID,
        _("product risk above the member's risk class"),
        lambda c: c.level > c.ceiling and not c.professional,
    ),
    Row(
        "M8",
        Outcome.FORBID,
        _("lowest risk class: R1 only"),
        lambda c: c.investor.risk_class == "C0" and c.level > 1,
    ),
    Row(
        "M9",
        Outcome.FORBID,
        _("term longer than the member's investment horizon"),
        lambda c: bool(c.investor.horizon_days and (c.offer.term_days or 0) > c.investor.horizon_days),
    ),
    Row(
        "M10",
        Outcome.FORBID,
        _("aged 65 or older, or age unknown: R4 and R5 only through the special procedure"),
        lambda c: c.level >= RISKY and _aged(c, OLD, unknown=True),
        personal=True,
    ),
    Row(
        "M11",
        Outcome.WARN,
        _("aged 60 or older: offer R4 and R5 with caution"),
        lambda c: c.level >= RISKY and _aged(c, ELDERLY, unknown=False),
        personal=True,
    ),
    Row("M13", Outcome.ALLOW, _("within the member's risk class"), lambda c: True),
)


def fit(investor: Investor, offer: Offer, today: date) -> Fit:
    """Whether this product may be put before this member on a platform day, and why (not)."""
    case = Case(investor, offer, today)
    held = [row for row in TABLE if row.holds(case)]
    stated = [row for row in held if row.outcome is not Outcome.ALLOW] or held
    return Fit(held[0], tuple(stated))


def is_above_class(investor: Investor, offer: Offer) -> bool:
    """Whether a product is riskier than the member's class (M7 and M8), whatever else holds.

    False where there is no class to compare with.
    """
    case = Case(investor, offer, date.min)
    return investor.risk_class is not None and case.level > case.ceiling and not case.professional
