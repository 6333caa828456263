"""Badges and quests as a list, and one of them with its versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404

from crm.staff.models import Staff
from members.loyalty.incentives.visibility import is_seen
from members.loyalty.models import Incentive, IncentiveEffect, IncentiveVersion


@dataclass(frozen=True)
class ShownIncentive:
    """An incentive: the version in effect (None: none yet, or ended), that to come, and what was counted."""

    incentive: Incentive
    current: IncentiveVersion | None
    coming: IncentiveVersion | None
    versions: Sequence[IncentiveVersion]
    effect: IncentiveEffect | None

    @property
    def shown(self) -> IncentiveVersion:
        """The version by which it is named: in effect, to come, or the last one."""
        return self.current or self.coming or self.versions[0]

    @property
    def state(self) -> str:
        """active, upcoming or ended."""
        if self.current:
            return "active"
        return "upcoming" if self.coming else "ended"


def list_incentives(staff: Staff, now: datetime) -> list[ShownIncentive]:
    """Those that this person may see, badges first, by code. Two queries."""
    versions: dict[int, list[IncentiveVersion]] = {}
    for version in IncentiveVersion.objects.select_related("incentive").order_by(
        "-effective_from", "-number"
    ):
        versions.setdefault(version.incentive_id, []).append(version)
    effects = {one.pk: one for one in IncentiveEffect.objects.all()}
    found = [
        _shown(rows, effects.get(pk), now)
        for pk, rows in versions.items()
        if all(is_seen({"rule": one.rule, "steps": one.steps}, staff) for one in rows)
    ]
    return sorted(found, key=lambda one: (one.incentive.kind, one.state != "active", one.incentive.code))


def get_incentive_or_404(code: str, staff: Staff, now: datetime) -> ShownIncentive:
    """One that this person may see; Http404 as for one that does not exist."""
    for one in list_incentives(staff, now):
        if one.incentive.code == code:
            return one
    raise Http404


def _shown(rows: list[IncentiveVersion], effect: IncentiveEffect | None, now: datetime) -> ShownIncentive:
    started = [one for one in rows if one.effective_from <= now]
    coming = [one for one in rows if one.effective_from > now and one.is_active]
    current = started[0] if started and started[0].is_active else None
    return ShownIncentive(rows[0].incentive, current, coming[-1] if coming else None, rows, effect)
