"""Tables whose changes can change who is in a segment, as the catalogue names them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from members.rules.catalogue.activities import activities, measures
from members.rules.catalogue.fields import fields, sources

MEMBER = "profiles_member"
_WORD = re.compile(r"[a-z_][a-z0-9_]*")

# When the change of a row happened, over the row `a`, where no activity of the catalogue tells it.
INSTANTS: Mapping[str, str] = {
    MEMBER: "greatest(a.known_at, a.registered_at)",
    "profiles_book": "coalesce(a.ended_at, a.started_at)",
    "profiles_complaint": "coalesce(a.closed_at, a.received_at)",
    "lifecycle_standing": (
        "greatest(a.since, a.first_invested_at, a.last_trade_at, a.last_login_at, a.closing_at,"
        " a.complaint_at)"
    ),
    "lifecycle_warning": "coalesce(a.ended_at, a.raised_at)",
    "segments_membership": "coalesce(a.left_at, a.joined_at)",
}
DAYS: Mapping[str, str] = {
    "lifecycle_standing": "a.aum_on",
    "portfolio_savingplan": "a.started_on",
    "profiles_riskassessment": "a.assessed_on",
}
# The same for a row that is changed later on.
INSTANTS_OF_UPDATES: Mapping[str, str] = {MEMBER: "a.updated_at"}


@dataclass
class Table:
    """A table of the catalogue.

    `at` and `day` are expressions over its row `a`: the instant and platform day of the fact, the later of
    which counts (both NULL: the instant at which it is evaluated). `sql` are the texts that read it.
    """

    name: str
    at: str = "NULL::timestamptz"
    day: str = "NULL::date"
    key: str = ""
    sql: list[str] = field(default_factory=list)

    def reads(self, columns: Sequence[str]) -> list[str]:
        """Which of these columns the catalogue's texts mention; more than are read, never fewer."""
        mentioned = {word for text in self.sql for word in _WORD.findall(text)}
        return [column for column in columns if column in mentioned]


def tables() -> list[Table]:
    """Every table that a field, activity or measure names, in the order of their names."""
    found: dict[str, Table] = {}

    def of(name: str) -> Table:
        at, day = INSTANTS.get(name, "NULL::timestamptz"), DAYS.get(name, "NULL::date")
        return found.setdefault(name, Table(name, at, day))

    of(MEMBER).key = "id"
    for source in sources.values():
        table = of(source.table)
        table.key = source.key
        table.sql += [source.key, source.condition]
    for name, text in _texts_of_fields():
        of(name).sql.append(text)
    for activity in activities.values():
        table = of(activity.table)
        if activity.by_day:
            table.day = activity.at
        else:
            table.at = activity.at
        table.sql += [activity.at, activity.condition]
        for one in activity.properties:
            for read in (table, *map(of, one.tables)):
                read.sql += [one.sql, one.through]
    for measure in measures.values():
        table = of(measure.table)
        table.day = measure.day
        table.sql += [measure.day, measure.value]
    return sorted(found.values(), key=lambda table: table.name)


def _texts_of_fields() -> Iterator[tuple[str, str]]:
    """(table, a text of SQL that may read it)."""
    for one in fields.values():
        past = one.past if isinstance(one.past, str) else ""
        for name in one.tables:
            yield name, f"{one.sql} {past} {one.next or ''}"
