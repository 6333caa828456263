"""What law keeps of a member who has their data erased: each app names its records and for how long."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from crm.runtime.clock import day_of
from crm.runtime.extension.labels import Label, untranslated
from crm.runtime.extension.registry import Registry


@dataclass(frozen=True, eq=False)
class Kept:
    """Records of the business relation that have to be kept `years` after the last of them.

    `sql` is a scalar query of the member `%(member)s`: the instant of the last record, NULL without one.
    `basis` names law and article (reference §8).
    """

    key: str
    label: Label
    basis: Label
    years: int
    sql: str

    def __str__(self) -> str:
        return self.key


def _judge(kept: Kept) -> Iterator[str]:
    if kept.years < 1:
        yield "keeps for less than a year"
    yield from untranslated(kept.label, kept.basis)


_kept: Registry[Kept] = Registry("records kept by law", _judge)


def register(*records: Kept) -> None:
    """Publish what law keeps of an app's records (from AppConfig.ready). Raises RegisteredTwice."""
    for one in records:
        _kept.add(one.key, one)


@dataclass(frozen=True)
class Found:
    """Records of a member that law keeps until a platform day."""

    kept: Kept
    until: date


def kept_of(member_id: int, now: datetime) -> list[Found]:
    """What law keeps of a member at an instant, the longest first. One query."""
    records = list(_kept.values())
    if not records:
        return []
    latest = ", ".join(f"({one.sql})" for one in records)
    values: dict[str, Any] = {"member": member_id}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {latest}", values)  # noqa: S608  # statements of our own apps
        instants = cursor.fetchone()
    found = [
        Found(one, _years_later(day_of(at), one.years))
        for one, at in zip(records, instants, strict=True)
        if at is not None
    ]
    return sorted((one for one in found if one.until > day_of(now)), key=lambda one: one.until, reverse=True)


def _years_later(day: date, years: int) -> date:
    """The same day so many years later; of a leap day the first of March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def label_of(key: str) -> str:
    """Records in words; their key where no app has them any more."""
    return str(_kept[key].label) if key in _kept else key
