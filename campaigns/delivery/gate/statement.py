"""The one statement by which the gate decides, put together from what its parts say in SQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from campaigns.delivery.gate.suitability import WITHOUT, of_product
from campaigns.delivery.gate.table import STANDING_IN, TABLE
from campaigns.delivery.gate.values import RecipientValues
from campaigns.delivery.models import Selection
from crm.runtime.clock import day_of
from crm.runtime.sql_files import sql_beside
from members.portfolio.suitability.tables.facts import ADULT
from members.profiles.consent.of_many import latest_of_many_sql
from members.profiles.consent.state import is_shown_unasked, latest_sql, suppressed_sql
from members.profiles.contact import timing
from members.profiles.contact.of_many import capped_of_many_sql
from members.profiles.contact.policy import policy_on
from members.profiles.models import ContactChannel, ContactPolicy, Purpose
from members.profiles.operator_role import Feature, may_offer
from members.rules.decision_tables.to_sql import TableSql, to_sql

_sql = sql_beside(__file__)
_FEATURES = {Purpose.PRODUCT_MARKETING: Feature.PRODUCT_MARKETING, Purpose.EDUCATION: Feature.EDUCATION}
# Push and in-app messages reach whoever has an account.
_WECOM = "EXISTS (SELECT FROM profiles_identity AS i WHERE i.member_id = m.id AND i.kind = 'wecom')"
_ACCOUNT = "m.registered_at IS NOT NULL AND m.erased_at IS NULL"
_ADDRESS = {
    ContactChannel.SMS: "m.mobile IS NOT NULL",
    ContactChannel.PHONE: "m.mobile IS NOT NULL",
    ContactChannel.EMAIL: "m.email IS NOT NULL",
    ContactChannel.WECOM: _WECOM,
    ContactChannel.PUSH: _ACCOUNT,
    ContactChannel.IN_APP: _ACCOUNT,
}
_COMPLAINT = (
    "EXISTS (SELECT FROM profiles_complaint AS p WHERE p.member_id = m.id AND p.received_at <= %(now)s"
    " AND (p.closed_at IS NULL OR p.closed_at > %(now)s))"
)
# An unknown birth date is judged by suitability, where a product makes it matter.
_MINOR = "coalesce(m.birth_date > %(adult_born)s::date, false)"
_STANDING_IN = f"'{{{','.join(STANDING_IN)}}}'::text[]"
_OWN = "x.told"
for _reason in STANDING_IN:
    _OWN = f"array_remove({_OWN}, '{_reason}')"
_MANY = "(SELECT ids FROM many)::bigint[]"
# In place of consents and caps, for messages that need none.
_NOBODY = "SELECT NULL::bigint AS member_id, NULL::bigint AS id, true AS given, now() AS until WHERE false"


@dataclass(frozen=True)
class Asked:
    """What is asked of the gate: a version, its purpose and product, on a channel at an instant."""

    version: int
    purpose: Purpose
    product: int | None
    channel: ContactChannel
    selection: Selection
    urgent: bool
    now: datetime


def build(
    asked: Asked, members: Sequence[int], values: RecipientValues, call: int
) -> tuple[str, dict[str, Any]]:
    """The statement up to its relation `verdict`, for another part to go on from, and its parameters.

    `members` has each once; `values` says whose message the values of its variables withhold.
    """
    policy = policy_on(day_of(asked.now))
    by_product = asked.purpose is Purpose.PRODUCT_MARKETING
    suitability = of_product(asked.selection, asked.now) if by_product else WITHOUT
    table = _table()
    statement = _sql("verdicts").format(
        copy=_sql("copy"),
        suitability=suitability.columns,
        relations=suitability.relations,
        joined=suitability.joined,
        product=suitability.product,
        of_each=suitability.of_each,
        of_all=suitability.of_all,
        line=table.line,
        code=table.code,
        outcome=table.outcome,
        reasons=table.reasons,
        standing_in=_STANDING_IN,
        own=_OWN,
        **_contact(asked, policy),
    )
    return statement, {
        **timing.parameters(asked.now),
        **suitability.parameters,
        "members": _array(members),
        "refused": _array(values.refused),
        "missing": _array(values.missing),
        "version": asked.version,
        "channel": asked.channel.value,
        "selection": asked.selection.value,
        "is_sensitive": asked.selection is Selection.SENSITIVE,
        "is_personalised": asked.selection is Selection.PERSONALISED,
        "is_offered": asked.purpose not in _FEATURES or may_offer(_FEATURES[asked.purpose]),
        "adult_born": _adult_born(asked.now),
        "policy": policy.version,
        "table": TABLE.version,
        "call": call,
    }


def _contact(asked: Asked, policy: ContactPolicy) -> dict[str, str]:
    """Expressions over the member row `m`; the instant that is allowed is one over `n`, which has these."""
    purpose, channel = asked.purpose, asked.channel
    is_service = purpose is Purpose.SERVICE
    by_product = purpose is Purpose.PRODUCT_MARKETING  # then suitability judges complaint and age
    return {
        "capped": _NOBODY if is_service else capped_of_many_sql(policy, purpose, members=_MANY),
        "allowed_here": _allowed(asked, policy, "NULL::bigint", "%(now)s::timestamptz"),
        "allowed_at": _allowed(asked, policy, "n.member_id", "n.capped_until"),
        "consent": _NOBODY if is_service else latest_of_many_sql(purpose, channel, members=_MANY),
        "unsaid": "true" if is_service or is_shown_unasked(purpose, channel) else "false",
        "suppressed": suppressed_sql(channel, purpose),
        "has_address": _ADDRESS[channel],
        "sensitive": _also(asked, Selection.SENSITIVE, Purpose.SENSITIVE_SELECTION),
        "personalisation": _also(asked, Selection.PERSONALISED, Purpose.PERSONALISED),
        "complaint": "false" if is_service or by_product else _COMPLAINT,
        "minor": "false" if is_service or by_product else _MINOR,
    }


def _allowed(asked: Asked, policy: ContactPolicy, member: str, capped: str) -> str:
    """The instant from which quiet hours allow it; those of the platform for no member."""
    return timing.next_allowed_instant_sql(
        policy, asked.channel, asked.purpose, member=member, urgent=asked.urgent, capped=capped
    )


def _also(asked: Asked, selection: Selection, purpose: Purpose) -> str:
    """Whether the consent is given that this way of choosing members needs besides that of the message."""
    if asked.selection is not selection:
        return "true"
    return f"coalesce(({latest_sql(purpose, asked.channel, member='m.id')}), false)"


def _adult_born(now: datetime) -> date:
    """The latest birth date of somebody of full age; who was born on 29 February is of age on 1 March."""
    today = day_of(now)
    leap = (today.month, today.day) == (2, 29)
    return today.replace(year=today.year - ADULT, day=28 if leap else today.day)


def _array(ids: Collection[int]) -> str:
    """Ids as PostgreSQL writes an array: a list of a million is bound several times as slowly."""
    return f"{{{','.join(map(str, ids))}}}"


@cache
def _table() -> TableSql:
    return to_sql(TABLE, {"f": "f"})
