"""Puts policies, members and their rows into the real tables, and reads back what the engine wrote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import connection
from django.test import override_settings

from crm.staff.models import Role, Staff
from members.lifecycle.models import (
    Dirty,
    NewNormal,
    Policy,
    StageCount,
    Standing,
    Transition,
    TransitionCount,
    Warning,
)
from members.portfolio.models import Transaction, Valuation
from members.profiles.models import Complaint, Event, Member, Signal
from tests.members.lifecycle import oracle, oracle_line, worlds

LONG_AGO = datetime.fromisoformat("1990-01-01T00:00:00+00:00")
EMPTIED = (
    Dirty,
    Standing,
    Transition,
    Warning,
    NewNormal,
    Policy,
    Transaction,
    Valuation,
    Event,
    Signal,
    Complaint,
    Member,
    StageCount,
    TransitionCount,
)


@contextmanager
def as_owner() -> Iterator[Any]:
    """A cursor that may do everything; the application's role may not delete policies or transitions."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        try:
            yield cursor
        finally:
            cursor.execute("RESET ROLE")


def empty() -> None:
    """No members, facts, policies or standings; no trigger looks on."""
    with as_owner() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for model in EMPTIED:
            cursor.execute(f'DELETE FROM "{model._meta.db_table}"')
        cursor.execute("SET session_replication_role = DEFAULT")


@contextmanager
def platform(zone: str, policies: list[oracle.Policy]) -> Iterator[None]:
    """An empty platform in a time zone under the given policies."""
    with override_settings(BUSINESS_TIME_ZONE=zone):
        empty()
        put_policies(policies)
        yield


def put_policies(policies: Iterable[oracle.Policy]) -> None:
    """Store policies that nobody has approved."""
    with as_owner() as cursor:
        cursor.execute("SET session_replication_role = replica")
        Policy.objects.bulk_create(Policy(**asdict(policy)) for policy in policies)
        cursor.execute("SET session_replication_role = DEFAULT")


def put_members(lives: Iterable[worlds.Life]) -> list[int]:
    """The members' records without their rows; returns the ids in the same order."""
    made = Member.objects.bulk_create(
        Member(known_at=life.known_at, registered_at=life.registered_at, updated_at=life.known_at)
        for life in lives
    )
    return [member.pk for member in made]


def put_rows(rows: Iterable[tuple[int, str, worlds.Row]]) -> None:
    """(member id, key, row) for many members; a row that is there already is left alone."""
    by_model: dict[type, list[Any]] = {}
    for member_id, key, row in rows:
        made = as_model(member_id, key, row)
        by_model.setdefault(type(made), []).append(made)
    for model, made_rows in by_model.items():
        model.objects.bulk_create(made_rows, ignore_conflicts=True)


def as_model(
    member_id: int, key: str, row: worlds.Row
) -> Transaction | Valuation | Event | Signal | Complaint | NewNormal:
    if row.kind == "valuation":
        return Valuation(member_id=member_id, date=row.day, aum=row.amount)
    if row.kind in ("buy", "redemption", "payout", "dividend", "fee"):
        return Transaction(
            member_id=member_id,
            id=key,
            at=row.at,
            kind=row.kind,
            amount=row.amount,
            matures_on=row.matures_on,
            product_id=row.product,
        )
    if row.kind in ("login", "page"):
        return Event(member_id=member_id, id=key, at=row.at, name=row.kind)
    if row.kind == "complaint":
        return Complaint(member_id=member_id, id=key, received_at=row.at, closed_at=row.closed_at)
    if row.kind == "new_normal":
        return NewNormal(
            member_id=member_id,
            id=int.from_bytes(key.encode()[-7:]),
            at=row.at,
            reason="bought a house",
            recorded_by=Staff.objects.get_or_create(username="recorder", role=Role.TEAM_LEAD)[0],
            aum=0,
            peak_aum=0,
        )
    return Signal(member_id=member_id, id=key, at=row.at, kind=row.kind)


def stored(member_id: int, key: str, row: worlds.Row) -> Any:
    """The queryset of the stored row."""
    model = type(as_model(member_id, key, row))
    at = {"date": row.day} if model is Valuation else {"id": key}
    return model.objects.filter(member_id=member_id, **at)


def put_world(world: worlds.World, *, one_by_one: bool = False) -> list[int]:
    """Members with all their rows, in one statement a table or in one for each row."""
    ids = put_members(world.members)
    rows = all_rows(world, ids)
    for part in [[row] for row in rows] if one_by_one else [rows]:
        put_rows(part)
    return ids


def all_rows(world: worlds.World, ids: list[int]) -> list[tuple[int, str, worlds.Row]]:
    """(member id, key, row) of everything that is known of anybody."""
    return [
        (member_id, key, row)
        for member_id, life in zip(ids, world.members, strict=True)
        for key, row in life.rows.items()
    ]


def live(known_at: str, registered_at: str | None, *rows: worlds.Row) -> worlds.Life:
    """A member written out by hand; instants in ISO 8601 with their offsets."""
    life = worlds.Life(instant(known_at), instant(registered_at) if registered_at else None)
    for number, row in enumerate(rows):
        life.rows[worlds.key(row, number)] = row
    return life


def instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    assert at.tzinfo is not None, f"{text} names no offset"
    return at


def changes(member_id: int) -> list[oracle_line.Change]:
    """The transitions that hold, in the order of their instants."""
    return [
        oracle_line.Change(
            row.effective_at,
            (row.from_stage, row.from_sub_state),
            (row.to_stage, row.to_sub_state),
            row.won_back,
        )
        for row in Transition.objects.filter(member_id=member_id, superseded_at=None).order_by("effective_at")
    ]


def raised(member_id: int) -> list[oracle_line.Raised]:
    """The warnings that hold, in the order of their instants."""
    return [
        oracle_line.Raised(row.kind, row.raised_at, row.ended_at)
        for row in Warning.objects.filter(member_id=member_id, superseded_at=None).order_by(
            "raised_at", "kind"
        )
    ]
