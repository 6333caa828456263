"""Decide whether members may get a version of a copy on a channel, and store what was decided."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from campaigns.delivery.gate.statement import Asked, build
from campaigns.delivery.gate.values import RecipientValues, recipient_values
from campaigns.delivery.models import Outcome, Selection, Verdict
from campaigns.review.models import CopyVersion
from crm.runtime.sql_files import sql_beside
from members.profiles.models import ContactChannel, Purpose

_sql = sql_beside(__file__)
MOST = 1_000_000  # members of one statement, which reads the table of members as a whole twice


@dataclass(frozen=True)
class Decided:
    """One call of the gate: its number, which its verdicts carry, and how many had which outcome and row."""

    call: int
    counts: Mapping[tuple[Outcome, str], int]

    def of(self, outcome: Outcome) -> int:
        """How many members got this outcome."""
        return sum(count for (found, _row), count in self.counts.items() if found == outcome)


@dataclass(frozen=True)
class Answer:
    """What the gate would say of a member now; nothing is stored."""

    member_id: int
    outcome: Outcome
    row: str
    reasons: tuple[str, ...]
    not_before: datetime | None
    snapshot: Mapping[str, object]


def decide(
    members: Collection[int],
    version: CopyVersion,
    channel: ContactChannel,
    now: datetime,
    *,
    selection: Selection = Selection.GROUP,
    urgent: bool = False,
    values: RecipientValues | None = None,
) -> Decided:
    """Decide for all of these members by the facts of `now`, and store a verdict for each that there is.

    `values` are those of the copy's variables; without them what is known of the members is read.
    Where messages follow, lock the members first (members.profiles.contact.timing.lock), in the same
    transaction, so that two who send at once count each other's contacts.
    """
    asked = _asked(version, channel, now, selection, urgent)
    ids = sorted(set(members))
    known = values or recipient_values(version, ids, {}, now)
    counts: dict[tuple[Outcome, str], int] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('delivery_call')")
        (call,) = cursor.fetchone()
        for start in range(0, len(ids), MOST):
            statement, given = build(asked, ids[start : start + MOST], known, call)
            cursor.execute(statement + _sql("store"), given)
            for outcome, row, count in cursor.fetchall():
                key = (Outcome(outcome), row)
                counts[key] = counts.get(key, 0) + count
    return Decided(call, counts)


def preview(
    members: Collection[int],
    version: CopyVersion,
    channel: ContactChannel,
    now: datetime,
    *,
    selection: Selection = Selection.GROUP,
    urgent: bool = False,
    values: RecipientValues | None = None,
) -> list[Answer]:
    """As decide(), of MOST members at most, without storing anything."""
    asked = _asked(version, channel, now, selection, urgent)
    ids = sorted(set(members))[:MOST]
    known = values or recipient_values(version, ids, {}, now)
    statement, given = build(asked, ids, known, call=0)
    with connection.cursor() as cursor:
        cursor.execute(statement + _sql("show"), given)
        return [
            Answer(member, Outcome(outcome), row, tuple(reasons), not_before, json.loads(snapshot))
            for member, outcome, row, reasons, not_before, snapshot in cursor.fetchall()
        ]


def verdicts_of(call: int, members: Collection[int]) -> list[Verdict]:
    """The verdicts that a call stored for these members. One query, by their keys."""
    return list(Verdict.objects.filter(member__in=list(members), call=call).order_by("member_id"))


def _asked(
    version: CopyVersion, channel: ContactChannel, now: datetime, selection: Selection, urgent: bool
) -> Asked:
    return Asked(
        version=version.pk,
        purpose=Purpose(version.copy.purpose),
        product=version.copy.product_id,
        channel=ContactChannel(channel),
        selection=selection,
        urgent=urgent,
        now=now,
    )
