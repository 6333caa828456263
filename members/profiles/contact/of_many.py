"""Contact caps of many members at once, as a relation: one pass over the log, not a look for each cap."""

from __future__ import annotations

from crm.runtime.sql_files import sql_beside
from members.profiles.contact.policy import ALL, PERIODS
from members.profiles.models import ContactPolicy, Purpose

_sql = sql_beside(__file__)


def capped_of_many_sql(policy: ContactPolicy, purpose: Purpose, *, members: str) -> str:
    """A SELECT of member_id, until: timing.capped_until_sql of those who were contacted lately.

    `members` is an SQL expression, an array of their ids. Whoever has no row is not capped.
    """
    caps = [
        (name, PERIODS[period], most)
        for name, kind in (("every", ALL), ("same", purpose.value))
        for period, most in policy.caps[kind].items()
        if most is not None
    ]
    ends = [f"g.{name}[{most}] + interval '{days} days'" for name, days, most in caps]
    return _sql("capped_of_many").format(
        purpose=purpose.value,
        members=members,
        days=max((days for _name, days, _most in caps), default=1),
        until=f"greatest(%(now)s::timestamptz, {', '.join(ends)})" if ends else "%(now)s::timestamptz",
    )
