"""How often a member usually logs in, and whether the silence of today is unusual for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crm.runtime.sql_files import sql_beside
from members.profiles.models import LOGIN

LOOKS_BACK_DAYS = 180
LEAST_LOGINS = 6  # fewer make no habit
LEAST_DAYS = 7  # of silence: a shorter one is nobody's business
TIMES = 3  # as long as usual
# A scalar query for the rhythm of the {member} of a statement; takes RHYTHM_VALUES and %(now)s.
LOGIN_RHYTHM = sql_beside(__file__)("login_rhythm")
RHYTHM_VALUES = {"login": LOGIN, "rhythm_days": LOOKS_BACK_DAYS}


@dataclass(frozen=True, slots=True)
class Silence:
    """Silent for `days`, where a login came every `usual` days on average before."""

    days: int
    usual: int


def unusual_silence(rhythm: Mapping[str, Any] | None, now: datetime) -> Silence | None:
    """The silence since the last login, where it is TIMES as long as this member's usual one."""
    if not rhythm or rhythm["count"] < LEAST_LOGINS:
        return None
    first, last = (datetime.fromisoformat(rhythm[name]) for name in ("first", "last"))
    usual, silent = (last - first) / (rhythm["count"] - 1), now - last
    if silent < timedelta(days=LEAST_DAYS) or silent < usual * TIMES:
        return None
    return Silence(silent.days, max(1, round(usual / timedelta(days=1))))
