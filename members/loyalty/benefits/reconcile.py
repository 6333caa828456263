"""Uses of benefits by supplier and month, to be compared with what suppliers bill."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, QuerySet, Sum

from crm.staff.models import Staff
from crm.staff.privacy.mask_levels import masked_value
from members.loyalty.models import BenefitUse
from members.profiles.member_view import MemberView, member_number, member_views

CHUNK = 500  # rows read at a time


@dataclass(frozen=True)
class Total:
    """What one supplier bills for a month; the supplier may be empty."""

    supplier: str
    uses: int
    cost: Decimal


@dataclass(frozen=True)
class Line:
    """A use as one reader may see it; `reference` is the supplier's booking number."""

    use: BenefitUse
    number: str
    view: MemberView | None
    reference: str


def totals(first: date, following: date) -> list[Total]:
    """By supplier, of the uses on the days from `first` to before `following`, the dearest first. One query.

    Uses index: benefituse_by_day
    """
    rows = _uses(first, following).values_list("version__supplier").annotate(Count("id"), Sum("cost"))
    return [Total(*row) for row in rows.order_by(F("cost__sum").desc(), "version__supplier")]


def lines(first: date, following: date, supplier: str | None, staff: Staff, limit: int) -> list[Line]:
    """The first uses by day, of one supplier or of all, as `staff` sees them. Two queries."""
    return _shown(_of(first, following, supplier)[:limit], staff)


def chunks(
    first: date, following: date, supplier: str | None, staff: Staff, most: int
) -> Iterator[list[Line]]:
    """All of them, as lines() gives them, a chunk at a time: `most` in all. Two queries a chunk."""
    found = _of(first, following, supplier)
    keys = list(found.values_list("member_id", "id")[:most])
    for start in range(0, len(keys), CHUNK):
        yield _shown(found.filter(pk__in=keys[start : start + CHUNK]), staff)


def _uses(first: date, following: date) -> QuerySet[BenefitUse]:
    return BenefitUse.objects.filter(undone_at=None, day__gte=first, day__lt=following)


def _of(first: date, following: date, supplier: str | None) -> QuerySet[BenefitUse]:
    found = _uses(first, following).select_related("version", "recorded_by")
    if supplier is not None:
        found = found.filter(version__supplier=supplier)
    return found.order_by("day", "member_id", "id")


def _shown(uses: Iterable[BenefitUse], staff: Staff) -> list[Line]:
    found = list(uses)
    views = member_views({use.member_id for use in found}, staff=staff, fields=("name",))
    by_id = {view.id: view for view in views}
    return [
        Line(
            use,
            member_number(use.member_id),
            by_id.get(use.member_id),
            masked_value("outside_id", use.reference, staff),
        )
        for use in found
    ]
