"""The record of a member: the models and rows that the page shows, read by one prepared statement.

As a queryset the same takes longer to compile, on each request, than to run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db import models

from crm.directory.complaints.read import OPEN_COMPLAINTS
from crm.runtime.clock import day_of
from crm.runtime.database.prepared import fetch_prepared, name_parameters
from crm.runtime.sql_files import sql_beside
from crm.staff.models import Staff
from members.lifecycle.forecast.rhythm import LOGIN_RHYTHM, RHYTHM_VALUES
from members.lifecycle.models import EvaluationFailure, Standing, Warning
from members.portfolio.models import InvestorStatus
from members.profiles.member_view import SHOWABLE, visible_ids_sql
from members.profiles.models import LOGIN, Channel, Member, Preference

MOST_COMPLAINTS, MOST_IDENTITIES = 20, 20
# Nothing that identifies the member: that comes through a MemberView alone. Suitability needs the birth date.
_READ = {
    "id", "import_id", "campaign", "channel_id", "referrer_id", "household_id", "birth_date", "known_at",
    "registered_at", "risk_class", "risk_assessed_on", "risk_ends_on", "investor_type", "source",
    "imported_at", "updated_at",
}  # fmt: skip
_MODELS: Mapping[type[models.Model], str] = {  # with the alias of the statement
    Member: "m",
    Standing: "s",
    EvaluationFailure: "f",
    Channel: "c",
    Preference: "p",
}
_FIELDS = {  # in the order of the model, which from_db takes them in
    model: [
        field.attname
        for field in model._meta.concrete_fields
        if model is not Member or field.attname in _READ
    ]
    for model in _MODELS
}
_DAYS = ("verified_on", "valid_until", "ended_on")  # of a status
_SHOWN = sorted(SHOWABLE)
_STATEMENT = sql_beside(__file__)("record")
_PARTS = {
    "columns": ", ".join(f"{_MODELS[model]}.{name}" for model, names in _FIELDS.items() for name in names),
    "shown": ", ".join(f"m.{name}" for name in _SHOWN),
    "complaints": OPEN_COMPLAINTS.format(member="m.id"),
    "rhythm": LOGIN_RHYTHM.format(member="m.id"),
}


@dataclass(frozen=True)
class MemberRecord:
    """What is on record of one member; `stored` are the values of SHOWABLE, to be masked for their reader.

    `member` comes with its standing, evaluation failure, channel and preference, each None where there is
    none. `identities` are (kind, source, value), `complaints` as `OPEN_COMPLAINTS` reads them, `rhythm` as
    LOGIN_RHYTHM. `warnings` are the open ones, `statuses` all that were verified, the newest first.
    """

    member: Member
    stored: Mapping[str, Any]
    manager_id: int | None
    manager: str
    assessed_by: int | None  # the import that wrote the current risk assessment
    brought_by: Mapping[str, int | None]  # the imports of the facts at these instants of the standing
    complaints: Sequence[Mapping[str, Any]]
    warnings: Sequence[Warning]
    statuses: Sequence[InvestorStatus]
    rhythm: Mapping[str, Any] | None
    highest_risk: int  # of products that the house rule of the day offers to the class; 0 without a class
    identities: Sequence[tuple[str, str, str]]


def read_record(member_id: int, staff: Staff, now: datetime) -> MemberRecord | None:
    """The record of a member; None where there is none that the reader may see. One query."""
    seen, own = name_parameters(*visible_ids_sql(staff), "seen")
    values = {
        **RHYTHM_VALUES,
        **own,
        "member": member_id,
        "now": now,
        "today": day_of(now),
        "login": LOGIN,
        "most_complaints": MOST_COMPLAINTS,
        "most_identities": MOST_IDENTITIES,
    }
    rows = fetch_prepared(_STATEMENT.format(**_PARTS, seen=seen), values)
    return _record(rows[0]) if rows else None


def _record(row: tuple[Any, ...]) -> MemberRecord:
    values = iter(row)
    found = {model: _instance(model, list(islice(values, len(_FIELDS[model])))) for model in _MODELS}
    member = found[Member]
    for field, model in (
        (Member.standing.related, Standing),
        (Member.evaluation_failure.related, EvaluationFailure),
        (Member.preference.related, Preference),
        (Member.channel.field, Channel),
    ):
        field.set_cached_value(member, found[model])
    stored = dict(zip(_SHOWN, islice(values, len(_SHOWN)), strict=True))
    manager_id, manager, assessed_by, brought_by, complaints, warnings, *others = values
    statuses, rhythm, highest, identities = others
    return MemberRecord(
        member,
        stored,
        manager_id,
        manager or "",
        assessed_by,
        brought_by,
        complaints,
        [_warning(**one) for one in warnings],
        [_status(member.pk, one) for one in statuses],
        rhythm,
        highest or 0,
        [tuple(one) for one in identities],
    )


def _warning(kind: str, raised_at: str, evidence: Mapping[str, Any]) -> Warning:
    return Warning(kind=kind, raised_at=datetime.fromisoformat(raised_at), evidence=evidence)


def _status(member_id: int, values: Mapping[str, Any]) -> InvestorStatus:
    days = {name: values[name] and date.fromisoformat(values[name]) for name in _DAYS}
    return InvestorStatus(member_id=member_id, **{**values, **days})


def _instance(model: type[models.Model], values: list[Any]) -> Any:
    """A row as its model, without the fields that were not read; None where the join found none."""
    return model.from_db("default", _FIELDS[model], values) if values[0] is not None else None
