"""Programmes, members and facts for tests of tiers."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from crm.runtime.clock import day_of, day_start
from members.loyalty.models import Programme, Tier, TierChange, TierPolicy, TierTrial
from members.loyalty.tiers.keeping.keep import keep
from members.loyalty.tiers.policy.draft import values_of
from members.loyalty.tiers.policy.propose import create_first_policy
from members.portfolio.models import Valuation
from tests.crm.cast import NOW, member

CODES = ("base", "silver", "gold", "black")
THRESHOLDS = {1: {"average": 1000}, 2: {"average": 5000}, 3: {"average": 20000}}


def programme(code: str = "main") -> Programme:
    """A programme with four tiers and no policy."""
    made = Programme.objects.create(code=code, name=code, is_main=code == "main", made_at=timezone.now())
    for rank, name in enumerate(CODES):
        Tier.objects.create(programme=made, rank=rank, code=name, name=name)
    return made


def policy(made: Programme, start: date, thresholds: Any = None, **values: Any) -> TierPolicy:
    """The first policy of a programme."""
    given = {"metric": "average", "review": "month_end", "upgrade": "at_review", "downgrade": "full"}
    return create_first_policy(
        made.pk, given | values | {"thresholds": stored(made, thresholds or THRESHOLDS)}, effective_from=start
    )


def stored(made: Programme, thresholds: dict[int, dict[str, Any]]) -> list[dict[str, Any]]:
    """Thresholds by rank as a policy stores them."""
    tiers = {tier.rank: tier.pk for tier in Tier.objects.filter(programme=made)}
    return [
        {"tier": tiers[rank], **{k: v if k == "points" else f"{Decimal(v):.2f}" for k, v in asked.items()}}
        for rank, asked in thresholds.items()
    ]


def person(registered: date, assets: dict[date, Any] | None = None) -> Any:
    """A registered member with valuations."""
    made = member(registered_at=day_start(registered), aum=0)
    value(made, assets or {})
    return made


def value(made: Any, assets: dict[date, Any]) -> None:
    """Valuations arrive: new days are added, known ones corrected, None takes one away."""
    for day, aum in assets.items():
        rows = Valuation.objects.filter(member=made, date=day)
        if aum is None:
            rows.delete()
        elif not rows.update(aum=aum):
            Valuation.objects.create(member=made, date=day, aum=aum)


def kept(day: date) -> Any:
    """Keep tiers as of noon of a day."""
    return keep(now=day_start(day) + timedelta(hours=12))


def changes(made: Any, *, superseded: bool = False) -> list[tuple[date, int | None, int, str]]:
    """(day, from, to, reason) of the recorded changes of a member that hold."""
    rows = TierChange.objects.filter(member=made, superseded_at__isnull=not superseded)
    return [
        (
            day_of(row.effective_at),
            row.from_tier.rank if row.from_tier else None,
            row.to_tier.rank,
            row.reason,
        )
        for row in rows.select_related("from_tier", "to_tier").order_by("effective_at", "id")
    ]


def instant(day: date) -> datetime:
    """Noon of a platform day."""
    return day_start(day) + timedelta(hours=12)


def tier_preview(made: Programme, asker: Any, *member_ids: int) -> None:
    """A policy of the main programme, and a preview that is done, with these members as examples."""
    tiers = Tier.objects.filter(programme=made, rank__gt=0).order_by("rank")
    values = {"metric": "average", "review": "month_end", "upgrade": "at_review", "downgrade": "full"}
    asked = {"thresholds": [{"tier": tier.pk, "average": 1000 * tier.rank} for tier in tiers]}
    policy = create_first_policy(made.pk, values | asked, effective_from=NOW.date())
    TierTrial.objects.create(
        id=880003, programme=made, base_version=1, requested_by=asker, requested_at=NOW, finished_at=NOW,
        values={"values": values_of(policy), "effective_from": "2026-03-20"},
        result={"moves": [[0, 1, 2, "2000"]], "samples": [[pk, 0, 1, "1000"] for pk in member_ids],
                "books": [[asker.pk, 2, 0]], "moved": 2, "members": 2},
    )  # fmt: skip


def lowered(made: Programme, *member_ids: int) -> tuple[Tier, Tier]:
    """The lowest tier, to which these members came yesterday, and the next, from which they came."""
    low, high = Tier.objects.filter(programme=made).order_by("rank")[:2]
    TierChange.objects.bulk_create(
        TierChange(
            member_id=pk, programme=made, from_tier=high, to_tier=low, effective_at=NOW - timedelta(days=1),
            recorded_at=NOW, reason="not_kept", policy_version=1, inputs={},
        )
        for pk in member_ids
    )  # fmt: skip
    return low, high
