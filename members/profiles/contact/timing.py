"""The next instant at which a member may be contacted, by quiet hours and caps, as SQL.

Caps count the contact log: across channels, messages and staff alike. Two who contact one member at once see
each other only if they wait for each other: lock the members first (`lock`), in one transaction with what is
decided and logged.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from crm.runtime import calendar
from crm.runtime.clock import day_of
from members.profiles.contact.policy import ALL, PERIODS, policy_on
from members.profiles.models import ContactChannel, ContactPolicy, Purpose

# Platform days looked at for a working one: the longest window of a cap, and a long holiday behind it.
_DAYS_AHEAD = max(PERIODS.values()) + 32
_LOCK = "SELECT id FROM profiles_member WHERE id = ANY(%(members)s) ORDER BY id FOR NO KEY UPDATE"
_NTH_LATEST = (
    "coalesce((SELECT c.at + interval '{days} days' FROM profiles_contact AS c"
    " WHERE c.member_id = {member} AND c.direction = 'out' AND {counted}"
    " AND c.at > %(now)s - interval '{days} days' AND c.at <= %(now)s"
    " ORDER BY c.at DESC, c.id DESC OFFSET {skipped} LIMIT 1), %(now)s)"
)
_ZONE = (
    "coalesce((SELECT nullif(p.time_zone, '') FROM profiles_contactpreference AS p"
    " WHERE p.member_id = {member}), '{platform}')"
)


def lock(member_ids: Collection[int]) -> None:
    """Let contacts of these members wait for each other until the transaction ends; in id order."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, {"members": sorted(member_ids)})


def parameters(now: datetime) -> dict[str, Any]:
    """What the expressions below bind: `now`, and the working days around it by the platform's calendar."""
    days = calendar.load()
    first = day_of(now) - timedelta(days=1)  # it may be yesterday where the member lives
    around = (first + timedelta(days=number) for number in range(_DAYS_AHEAD + 3))
    return {"now": now, "worked_days": [day for day in around if days.is_working_day(day)]}


def capped_until_sql(policy: ContactPolicy, purpose: Purpose, *, member: str = "member_id") -> str:
    """A timestamptz expression: when the caps allow one more contact, `%(now)s` where they do already."""
    if purpose is Purpose.SERVICE:
        return "%(now)s::timestamptz"
    until = [
        _NTH_LATEST.format(days=PERIODS[period], member=member, counted=counted, skipped=most - 1)
        for kind, counted in ((ALL, "c.kind <> 'service'"), (purpose.value, f"c.kind = '{purpose.value}'"))
        for period, most in policy.caps[kind].items()
        if most is not None
    ]
    return f"greatest(%(now)s::timestamptz, {', '.join(until)})" if until else "%(now)s::timestamptz"


def next_allowed_instant_sql(
    policy: ContactPolicy,
    channel: ContactChannel,
    purpose: Purpose,
    *,
    member: str = "member_id",
    urgent: bool = False,
    capped: str = "",
) -> str:
    """A timestamptz expression: the first instant from `%(now)s` on at which the policy allows the contact.

    It holds as far as no further contact is logged. `urgent` service messages disregard quiet hours. Bind
    parameters(now). `capped`: a column with capped_until_sql, where the statement has it already.
    """
    capped = capped or capped_until_sql(policy, purpose, member=member)
    hours = policy.quiet[channel.value]
    if (urgent and purpose is Purpose.SERVICE) or not (hours["start"] or hours["working_days"]):
        return capped
    start, end = (f"'{hours[name]}'" if hours[name] else "NULL" for name in ("start", "end"))
    worked = "%(worked_days)s::date[]" if hours["working_days"] else "NULL"
    zone = _ZONE.format(member=member, platform=settings.BUSINESS_TIME_ZONE)
    return f"profiles_quiet_until({capped}, {zone}, {start}, {end}, {worked})"


@dataclass(frozen=True)
class Next:
    """When a member may be contacted next; `capped_until` is later than now where a cap is reached."""

    at: datetime
    capped_until: datetime
    policy_version: int


def next_allowed(
    member_id: int, channel: ContactChannel, purpose: Purpose, *, now: datetime, urgent: bool = False
) -> Next:
    """The same for one member, by the policy in force."""
    policy = policy_on(day_of(now))
    (found,) = _ask(member_id, policy, [channel], purpose, now, urgent=urgent)
    return found


def next_by_channel(
    member_id: int, purpose: Purpose, policy: ContactPolicy, *, now: datetime
) -> dict[ContactChannel, Next]:
    """The same on every channel, by one policy. Two queries."""
    return dict(zip(ContactChannel, _ask(member_id, policy, list(ContactChannel), purpose, now), strict=True))


def _ask(
    member_id: int,
    policy: ContactPolicy,
    channels: Sequence[ContactChannel],
    purpose: Purpose,
    now: datetime,
    *,
    urgent: bool = False,
) -> list[Next]:
    capped = capped_until_sql(policy, purpose, member="%(member)s")
    asked = [
        next_allowed_instant_sql(policy, channel, purpose, member="%(member)s", urgent=urgent)
        for channel in channels
    ]
    with connection.cursor() as cursor:
        statement = f"SELECT {', '.join([capped, *asked])}"  # noqa: S608  # own names
        cursor.execute(statement, {**parameters(now), "member": member_id})
        until, *instants = cursor.fetchone()
    return [Next(at, until, policy.version) for at in instants]
