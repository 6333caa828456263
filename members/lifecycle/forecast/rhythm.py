"""How often a member usually logs in, and whether the silence of today is unusual for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, OuterRef, Subquery
from django.db.models.functions import JSONObject

from members.profiles.models import LOGIN, Event

LOOKS_BACK = timedelta(days=180)
LEAST_LOGINS = 6  # fewer make no habit
LEAST_DAYS = 7  # of silence: a shorter one is nobody's business
TIMES = 3  # as long as usual


@dataclass(frozen=True, slots=True)
class Silence:
    """Silent for `days`, where a login came every `usual` days on average before."""

    days: int
    usual: int


def login_rhythm(now: datetime) -> Subquery:
    """The logins of the member of the outer query before now: an annotation, read from their index alone."""
    logins = Event.objects.filter(
        member=OuterRef("pk"), name=LOGIN, at__gt=now - LOOKS_BACK, at__lte=now
    ).order_by()
    rhythm = JSONObject(count=Count("at"), first=Min("at"), last=Max("at"))
    return Subquery(logins.values("member").annotate(rhythm=rhythm).values("rhythm"))


def unusual_silence(rhythm: Mapping[str, Any] | None, now: datetime) -> Silence | None:
    """The silence since the last login, where it is TIMES as long as this member's usual one."""
    if not rhythm or rhythm["count"] < LEAST_LOGINS:
        return None
    first, last = (datetime.fromisoformat(rhythm[name]) for name in ("first", "last"))
    usual, silent = (last - first) / (rhythm["count"] - 1), now - last
    if silent < timedelta(days=LEAST_DAYS) or silent < usual * TIMES:
        return None
    return Silence(silent.days, max(1, round(usual / timedelta(days=1))))
