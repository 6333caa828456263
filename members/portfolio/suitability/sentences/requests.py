"""Requests about suitability in words: what is asked for, and what would change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.staff.models import Request
from crm.web import formats
from members.portfolio.models import Product, Rater, Status
from members.portfolio.models.suitability import MOST_LEVELS
from members.portfolio.suitability.change.status import Basis
from members.profiles.member_view import member_number

Line = tuple[str | Promise, str, str]  # what changes, before, after
_PRODUCTS = "products_of_ratings"  # on a request: those of all that are shown with it

RATING_KIND = gettext_lazy("Product rating")
RULE_KIND = gettext_lazy("House rule of suitability")
STATUS_KIND = gettext_lazy("Investor status")
RULE_LABELS: dict[str, Promise] = {
    "highest_c0": gettext_lazy("Highest product risk for C0"),
    "highest_c1": gettext_lazy("Highest product risk for C1"),
    "highest_c2": gettext_lazy("Highest product risk for C2"),
    "highest_c3": gettext_lazy("Highest product risk for C3"),
    "highest_c4": gettext_lazy("Highest product risk for C4"),
    "highest_c5": gettext_lazy("Highest product risk for C5"),
    "highest_jump": gettext_lazy("Levels above the class on the member's own initiative"),
    "caution_age": gettext_lazy("R4 and R5 with caution from age"),
    "old_age": gettext_lazy("R4 and R5 through the special procedure from age"),
}
BASES: dict[Basis, Promise] = {
    Basis.INSTITUTION: gettext_lazy("licensed institution or its product"),
    Basis.ASSETS: gettext_lazy("financial assets of at least CNY 5 million, 2 years of experience"),
    Basis.INCOME: gettext_lazy("average income of at least CNY 500,000 over 3 years, 2 years of experience"),
    Basis.CONVERTED: gettext_lazy(
        "converted on request: CNY 3 million of assets or CNY 300,000 of income, 1 year of experience"
    ),
    Basis.QUALIFIED_ASSETS: gettext_lazy("financial assets of at least CNY 3 million"),
    Basis.QUALIFIED_INCOME: gettext_lazy("average income of at least CNY 500,000 over 3 years"),
}


def rule_value(name: str, value: int) -> str:
    """A value of a house rule as it is read: R3, 2, 65."""
    if name.startswith("highest_c"):
        return f"R{value}" if value else _("none")
    if name == "highest_jump":
        return _("no limit") if value >= MOST_LEVELS else formats.number(value)
    return formats.number(value)


def prepare_ratings(requests: Sequence[Request]) -> None:
    """Read once for many requests what rating_summary() needs. One query."""
    products = Product.objects.in_bulk({request.proposal["product"] for request in requests})
    for request in requests:
        request.__dict__[_PRODUCTS] = products


def rating_summary(request: Request) -> str:
    """A requested rating in a few words."""
    if _PRODUCTS not in request.__dict__:
        prepare_ratings([request])
    product = request.__dict__[_PRODUCTS].get(request.proposal["product"])
    return _("Rate %(product)s %(rating)s") % {
        "product": product.local_name if product else "–",
        "rating": request.proposal["rating"],
    }


def rating_lines(request: Request) -> list[Line]:
    """Whose rating, from what to what, on which basis, from which day on."""
    asked = request.proposal
    before = request.diff["rating"][0] or ""
    return [
        (Rater(asked["rater"]).label, before, asked["rating"]),
        (_("Basis"), "", asked["basis"]),
        (_("Effective from"), "", formats.day(date.fromisoformat(asked["effective_from"]))),
    ]


def rule_summary(_request: Request) -> str:
    """A requested house rule in a few words."""
    return _("Change the house rule of suitability")


def rule_lines(request: Request) -> list[Line]:
    """What a house rule changes, and from which day on."""
    lines: list[Line] = [
        (RULE_LABELS[name], rule_value(name, before), rule_value(name, after))
        for name, (before, after) in request.diff.items()
    ]
    day = formats.day(date.fromisoformat(request.proposal["effective_from"]))
    return [*lines, (_("Effective from"), "", day)]


def status_summary(request: Request) -> str:
    """A requested status in a few words."""
    return _("%(status)s: member %(member)s") % {
        "status": Status(request.proposal["status"]).label,
        "member": member_number(request.proposal["member"]),
    }


def status_lines(request: Request) -> list[Line]:
    """The condition met, its evidence, and for how long."""
    asked = request.proposal
    return [
        (_("Status"), "", str(Status(asked["status"]).label)),
        (_("Condition"), "", str(BASES[Basis(asked["basis"])])),
        (_("Evidence"), "", asked["evidence"]),
        (_("Verified on"), "", formats.day(date.fromisoformat(asked["verified_on"]))),
        (_("Valid until"), "", formats.day(date.fromisoformat(asked["valid_until"]))),
    ]
