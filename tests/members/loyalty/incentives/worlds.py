"""Badges and quests for tests: proposed and approved as people would, kept until nothing waits."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime
from typing import Any

from crm.runtime import clock
from crm.staff.four_eyes import requests
from crm.staff.models import Role, Staff
from members.loyalty.incentives.configure import Draft, Step, propose
from members.loyalty.incentives.keeping.keep import Kept, has_pending, keep
from members.loyalty.models import (
    BadgeAward,
    IncentiveKind,
    IncentiveVersion,
    Programme,
    QuestProgress,
    StepDone,
)
from members.profiles.models import Event, Member
from tests.crm.cast import NOW, staff_of

RICH = {"field": "aum", "op": ">=", "value": 1000}
PATIENCE = 30.0  # seconds for which transactions of other tests may be waited for


def did(name: str, **more: Any) -> dict[str, Any]:
    """Somebody had an event of this name."""
    return {"did": "event", "where": [{"property": "name", "op": "=", "value": name}], **more}


def event(row: Member, name: str, at: datetime, id: str = "") -> Event:
    return Event.objects.create(
        member=row, id=id or f"{name} {at.isoformat()}", name=name, at=at, properties={}
    )


def programme() -> Programme:
    found, _ = Programme.objects.get_or_create(
        is_main=True, defaults={"code": "main", "name": "主计划", "made_at": NOW}
    )
    return found


def person(role: Role) -> Staff:
    return Staff.objects.filter(role=role).first() or staff_of(role)


def badge_draft(rule: Any = RICH, code: str = "badge", **more: Any) -> Draft:
    given = {"name": code, "from_stage": "activation", "to_stage": "growth"} | more
    return Draft(programme().pk, IncentiveKind.BADGE, code, rule=rule, **given)


def quest_draft(*steps: Step, rule: Any, code: str = "quest", **more: Any) -> Draft:
    given = {"name": code, "from_stage": "activation", "to_stage": "growth"} | more
    return Draft(programme().pk, IncentiveKind.QUEST, code, rule=rule, steps=steps, **given)


def step(rule: Any, name: str = "step", **more: Any) -> Step:
    return Step(name, rule, **more)


def approved(draft: Draft, *, now: datetime = NOW, later: int = 0) -> IncentiveVersion:
    """The version as a second person's approval leaves it; from a day `later` days on."""
    request = propose(
        draft,
        effective_on=clock.day_of(now).fromordinal(clock.day_of(now).toordinal() + later),
        reason="as agreed",
        maker=person(Role.OPERATIONS),
        now=now,
    )
    requests.approve(request_id=request.pk, checker=person(Role.COMPLIANCE), opinion="fine", now=now)
    return IncentiveVersion.objects.get(request_id=request.pk)


def kept(now: datetime = NOW, **more: Any) -> Kept:
    """Keep until nothing waits: a rule waits for transactions that are older."""
    done, until = Kept(), time.monotonic() + PATIENCE
    while True:
        one = keep(now=now, **more)
        done = replace(done, **{name: getattr(done, name) + value for name, value in vars(one).items()})
        if not has_pending(now=now):
            return done
        assert time.monotonic() < until, "still waiting"


def awards(row: Member) -> list[tuple[str, datetime]]:
    """(period, instant) of the awards that stand."""
    found = BadgeAward.objects.filter(member=row, superseded_at=None).order_by("at")
    return list(found.values_list("period", "at"))


def quest_of(row: Member) -> QuestProgress | None:
    return QuestProgress.objects.filter(member=row, superseded_at=None).first()


def steps_of(row: Member) -> dict[int, datetime]:
    found = StepDone.objects.filter(member=row, superseded_at=None)
    return dict(found.values_list("position", "at"))
