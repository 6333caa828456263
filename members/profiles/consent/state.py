"""What holds at an instant, in SQL and for one member: consents by purpose and channel, suppressed addresses.

Fragments take the instant as `%(now)s`; the expressions `member` and `m` name the member of the statement
around them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import connection

from crm.runtime.sql_files import sql_beside
from members.profiles.models import NAMED_RECIPIENT, Consent, ContactChannel, Purpose

# Consents that a contact for a purpose needs (reference §7): "the above" of a row is among them.
NEEDED: Mapping[Purpose, tuple[Purpose, ...]] = {
    Purpose.SERVICE: (),
    Purpose.EDUCATION: (Purpose.EDUCATION,),
    Purpose.MARKETING: (Purpose.MARKETING,),
    Purpose.PRODUCT_MARKETING: (Purpose.PRODUCT_MARKETING,),
    Purpose.PERSONALISED: (Purpose.PRODUCT_MARKETING, Purpose.PERSONALISED),
    Purpose.SENSITIVE_SELECTION: (Purpose.PRODUCT_MARKETING, Purpose.SENSITIVE_SELECTION),
    Purpose.PARTNER: (Purpose.MARKETING, Purpose.PARTNER),
    Purpose.THIRD_COUNTRY: (Purpose.MARKETING, Purpose.THIRD_COUNTRY),
}
# The hashed addresses of a channel; a channel without one of its own goes by those of the person.
ADDRESSES: Mapping[ContactChannel, tuple[str, ...]] = {
    ContactChannel.SMS: ("mobile",),
    ContactChannel.PHONE: ("mobile",),
    ContactChannel.EMAIL: ("email",),
    ContactChannel.PUSH: ("mobile", "email"),
    ContactChannel.WECOM: ("mobile", "email"),
    ContactChannel.IN_APP: ("mobile", "email"),
}
_sql = sql_beside(__file__)
_LATEST = _sql("latest")


def consented_sql(purpose: Purpose, channel: ContactChannel, *, member: str = "member_id") -> str:
    """An SQL condition: at `%(now)s` the member has given every consent that such a contact needs.

    True for service. Education inside the app needs none, but may be refused. The recipient of purposes that
    name one is `%(recipient)s`. Never NULL: what nobody said is no.
    """
    unsaid = "true" if is_shown_unasked(purpose, channel) else "false"
    conditions = [
        f"coalesce(({latest_sql(one, channel, member=member)}), {unsaid})" for one in NEEDED[Purpose(purpose)]
    ]
    return f"({' AND '.join(conditions)})" if conditions else "true"


def is_shown_unasked(purpose: Purpose, channel: ContactChannel) -> bool:
    """Whether nobody has to consent, but may refuse: education inside the app (reference §7)."""
    return purpose is Purpose.EDUCATION and channel is ContactChannel.IN_APP


def latest_sql(
    purpose: Purpose, channel: ContactChannel, *, member: str = "member_id", column: str = "given"
) -> str:
    """A scalar query: a column of the consent row that counts at `%(now)s`, NULL without one."""
    return _LATEST.format(
        column=column,
        member=member,
        purpose=Purpose(purpose).value,
        channel=ContactChannel(channel).value,
        recipient="%(recipient)s" if purpose in NAMED_RECIPIENT else "''",
    )


def suppressed_sql(channel: ContactChannel, purpose: Purpose, *, m: str = "m") -> str:
    """An SQL condition: at `%(now)s` an address of the member row `m` (profiles_member) is on the list.

    Service messages are held back only by entries that hold back every message.
    """
    hashes = ", ".join(f"{m}.{name}_index" for name in ADDRESSES[ContactChannel(channel)])
    scope = " AND x.scope = 'all'" if purpose is Purpose.SERVICE else ""
    return (
        f"EXISTS (SELECT FROM profiles_suppression AS x WHERE x.address_hash IN ({hashes})"  # noqa: S608  # own names
        f" AND x.channel = '{ContactChannel(channel).value}'{scope} AND x.since <= %(now)s"
        " AND (x.lifted_at IS NULL OR x.lifted_at > %(now)s))"
    )


Pair = tuple[str, str, str]  # purpose, channel, recipient


def states(member_id: int, now: datetime) -> dict[Pair, Consent]:
    """The row that counts at an instant, by purpose, channel and recipient; what nobody said is absent.

    One query.
    """
    rows = (
        Consent.objects.filter(member=member_id, at__lte=now)
        .select_related("by")
        .order_by("purpose", "channel", "recipient", "-at", "-id")
        .distinct("purpose", "channel", "recipient")
    )
    return {(row.purpose, row.channel, row.recipient): row for row in rows}


def suppressed_channels(member_id: int, now: datetime) -> dict[str, str]:
    """{channel: widest scope} of what is suppressed for a member at an instant. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_sql("suppressed_channels"), {"member": member_id, "now": now})
        return dict(cursor.fetchall())
