"""Products, members and approvals for tests of suitability."""

from __future__ import annotations

from datetime import date, timedelta

from crm.runtime.clock import day_of
from crm.staff.four_eyes.requests import approve
from crm.staff.models import Request, Role, Staff
from members.portfolio.models import Category, Product, ProductRisk, Rater, Status
from members.portfolio.suitability.change import house_rule, rating, status
from members.portfolio.suitability.change.status import BASES, ProposedStatus
from members.portfolio.suitability.house_rule import TABLE_VALUES
from members.profiles.models import Member
from tests.crm.cast import NOW, member, staff_of

TODAY = day_of(NOW)
REASON = "as agreed"


def product(code: str = "P1", risk: str = "R2", regime: str | None = "FS", **more) -> Product:
    category, _ = Category.objects.get_or_create(code="fund", defaults={"name": "Funds"})
    given = {"name": code, "registration_code": f"reg {code}"} | more
    return Product.objects.create(code=code, category=category, risk=risk, regime=regime, **given)


def investor(risk_class: str = "C3", born: date = date(1986, 5, 1)) -> Member:
    """Somebody assessed a month ago."""
    row = member()
    Member.objects.filter(pk=row.pk).update(
        risk_class=risk_class, risk_assessed_on=TODAY - timedelta(days=30), birth_date=born
    )
    row.refresh_from_db()
    return row


def agreed(request: Request) -> Request:
    return approve(request_id=request.pk, checker=staff_of(Role.COMPLIANCE), opinion="agreed", now=NOW)


def rate(one: Product, given: str, rater: str = Rater.SELLER, effective_from: date = TODAY) -> Request:
    """A rating that two people agreed on."""
    asked = rating.ProposedRating(one, Rater(rater), ProductRisk(given), "report 7", effective_from)
    return agreed(rating.propose(asked, reason=REASON, maker=staff_of(Role.OPERATIONS), now=NOW))


def verified(member_id: int, what: str = Status.QUALIFIED, maker: Staff | None = None) -> Request:
    """A status that two people agreed on."""
    asked = ProposedStatus(
        Status(what), BASES[Status(what)][0], "folder 12", TODAY, TODAY + timedelta(days=365)
    )
    maker = maker or staff_of(Role.OPERATIONS)
    return agreed(status.propose(member_id, asked, reason=REASON, maker=maker, now=NOW))


def ruled(effective_from: date = TODAY, **stricter: int) -> Request:
    """A house rule that two people agreed on."""
    values = TABLE_VALUES | stricter
    maker = staff_of(Role.OPERATIONS)
    return agreed(
        house_rule.propose(values, effective_from=effective_from, reason=REASON, maker=maker, now=NOW)
    )
