"""Tables whose changes can change the answer of a rule, as the catalogue names them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from members.rules.catalogue.activities import activities, measures
from members.rules.catalogue.fields import fields, sources
from members.rules.keeping.fact_times import NO_DAY, NO_INSTANT, FactTime, fact_times

_WORD = re.compile(r"[a-z_][a-z0-9_]*")


@dataclass
class Table:
    """A table of the catalogue.

    `at` and `day` are expressions over its row `a`: the instant and platform day of the fact, the later of
    which counts (both NULL: the instant at which it is evaluated); `at_of_update` is the instant where
    the row is changed later on. `sql` are the texts that read it.
    """

    name: str
    at: str = NO_INSTANT
    day: str = NO_DAY
    at_of_update: str = ""
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
        time = fact_times.get(name) or FactTime(table=name)
        return found.setdefault(name, Table(name, time.at, time.day, time.at_of_update))

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
