"""What all benefits of a programme ask for in a year, if every quota is used up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from members.loyalty.benefits.settings.preview import PERIODS
from members.loyalty.models import BenefitPeriod, BenefitQuota, BenefitVersion


@dataclass(frozen=True)
class Yearly:
    """Uses, their cost in platform currency, and hours of relationship managers."""

    uses: int
    cost: Decimal
    hours: Decimal


def yearly_load(programme: int, counts: Sequence[Mapping[int, int]], day: date) -> list[Yearly]:
    """One for each of `counts`, members by rank, by the versions that apply on a platform day. Two queries.

    Of a shared benefit every member is counted, since who shares a household then is not known.
    """
    versions = BenefitVersion.objects.filter(benefit__programme=programme, effective_from__lte=day)
    latest = versions.order_by("benefit", "-number").distinct("benefit").values_list("pk", flat=True)
    offered = Q(version__valid_until=None) | Q(version__valid_until__gte=day)
    quotas = BenefitQuota.objects.filter(offered, version__in=list(latest)).select_related("version", "tier")
    found = list(quotas)
    return [_load(found, members) for members in counts]


def _load(quotas: Sequence[BenefitQuota], members: Mapping[int, int]) -> Yearly:
    uses = [
        (
            members.get(quota.tier.rank, 0) * quota.quota * PERIODS[BenefitPeriod(quota.version.period)],
            quota.version,
        )
        for quota in quotas
    ]
    return Yearly(
        sum(count for count, _version in uses),
        sum((count * version.cost for count, version in uses), Decimal(0)),
        sum((count * version.manager_hours for count, version in uses), Decimal(0)),
    )
