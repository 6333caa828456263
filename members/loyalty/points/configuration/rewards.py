"""Propose a version of a reward, and put an approved one in the catalogue."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F

from crm.staff.four_eyes import requests
from crm.staff.models import Request, Staff
from members.loyalty.models import Programme, Reward, RewardVersion
from members.loyalty.points.configuration.refusals import (
    ChangeRefused,
    Refusal,
    check_start,
    start_on_approval,
)

KIND = "loyalty.reward"


@dataclass(frozen=True)
class RewardDraft:
    """The values of RewardVersion; `stock_added` None: the reward never runs out."""

    points: int
    cost: str
    value: str
    stock_added: int | None = None
    is_active: bool = True

    @staticmethod
    def of(version: RewardVersion) -> RewardDraft:
        """What a version says; adding no more stock."""
        added = None if version.reward.stock is None else 0
        return RewardDraft(version.points, str(version.cost), str(version.value), added, version.is_active)


def propose(
    programme: Programme,
    code: str,
    draft: RewardDraft,
    *,
    name: str,
    effective_from: datetime,
    reason: str,
    maker: Staff,
    now: datetime,
    name_en: str = "",
) -> Request:
    """Ask for a new reward, or a new version of that with this code, from `effective_from` on.

    Raises ChangeRefused, and what requests.propose raises.
    """
    if not name.strip() or not code.strip():
        raise ChangeRefused(Refusal.NO_NAME)
    _check(draft)
    latest = latest_version(programme.pk, code)
    check_start(effective_from, latest.effective_from if latest else None, now)
    before: dict[str, Any] = asdict(RewardDraft.of(latest)) if latest else {}
    after = asdict(draft) | {name: f"{Decimal(getattr(draft, name)):.2f}" for name in ("cost", "value")}
    diff = {field: [before.get(field), after[field]] for field in after if before.get(field) != after[field]}
    if not diff:
        raise ChangeRefused(Refusal.NO_CHANGES)
    content = {
        "programme": programme.pk,
        "code": code.strip(),
        "values": after,
        "effective_from": effective_from.isoformat(),
    }
    names = {"name": name.strip(), "name_en": name_en.strip()}
    return requests.propose(
        kind=KIND,
        content=content,
        proposal=content | names | {"base": latest.version if latest else 0},
        diff=diff,
        summary=f"Reward {code}"[:200],
        reason=reason,
        maker=maker,
        now=now,
    )


def apply(request: Request, now: datetime) -> None:
    """Put the approved version in the catalogue; its pieces come into stock at once. Raises BasisChanged."""
    proposal = request.proposal
    draft = RewardDraft(**proposal["values"])
    with transaction.atomic():
        programme = Programme.objects.select_for_update().get(pk=proposal["programme"])
        latest = latest_version(programme.pk, proposal["code"])
        known = (latest.version, latest.effective_from) if latest else None
        start = start_on_approval(proposal["effective_from"], proposal["base"], known, now)
        names = {"name": proposal["name"], "name_en": proposal["name_en"]}
        reward, created = Reward.objects.update_or_create(
            programme=programme, code=proposal["code"], defaults=names
        )
        values = asdict(draft) | {"cost": Decimal(draft.cost), "value": Decimal(draft.value)}
        RewardVersion.objects.create(
            reward=reward,
            version=proposal["base"] + 1,
            effective_from=start,
            request_id=request.pk,
            made_at=now,
            **values,
        )
        _add_stock(reward, draft.stock_added, created)


def _add_stock(reward: Reward, added: int | None, created: bool) -> None:
    rows = Reward.objects.filter(pk=reward.pk)
    if added is None:
        rows.update(stock=None)
    elif created or reward.stock is None:
        rows.update(stock=added)
    else:
        rows.update(stock=F("stock") + added)


def _check(draft: RewardDraft) -> None:
    money = (Decimal(draft.cost), Decimal(draft.value))
    if not 0 < draft.points <= 10**9 or any(not 0 <= one < 10**9 for one in money):
        raise ChangeRefused(Refusal.BAD_NUMBER)
    if draft.stock_added is not None and not 0 <= draft.stock_added <= 10**9:
        raise ChangeRefused(Refusal.BAD_NUMBER)


def latest_version(programme_id: int, code: str) -> RewardVersion | None:
    """The version of the highest number, in force or to come."""
    rows = RewardVersion.objects.filter(reward__programme=programme_id, reward__code=code.strip())
    return rows.order_by("-version").select_related("reward").first()


def version_at(reward: Reward, at: datetime) -> RewardVersion | None:
    """The version in force at an instant; None: the reward is not offered then."""
    rows = RewardVersion.objects.filter(reward=reward, effective_from__lte=at)
    found = rows.order_by("-effective_from").select_related("reward").first()
    return found if found is not None and found.is_active else None
