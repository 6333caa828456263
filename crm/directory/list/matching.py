"""Conditions on members as SQL, for the few that an index selects or for one row after another."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Q

from crm.runtime.database.prepared import name_parameters
from members.profiles.models import Member
from members.rules.compiling.condition import compile, from_clause
from members.rules.language.tree import All, Rule

_OWN_COLUMNS = re.compile(r'\bm\."?(\w+)')
_TABLE = Member._meta.db_table
_ALL_MEMBERS = f"{_TABLE} AS m"


@dataclass(frozen=True)
class Condition:
    """SQL that is true of a member `m` with the rows of its `sources`, and its named parameters."""

    sql: str
    parameters: Mapping[str, Any]
    sources: tuple[str, ...] = ()

    def __and__(self, other: Condition | None) -> Condition:
        if other is None:
            return self
        sources = tuple(dict.fromkeys((*self.sources, *other.sources)))
        return Condition(f"{self.sql} AND {other.sql}", {**self.parameters, **other.parameters}, sources)

    def rows(self, ids: str = "", more: Sequence[str] = (), expressions: str = "") -> str:
        """The FROM of the members that are looked at, without the WHERE.

        `ids` is a statement that gives their `id`s (empty: all members), `more` are further sources. The
        members' own rows are read only where the condition, or `expressions`, need them.
        """
        table = from_clause((*self.sources, *more))
        own = {*_OWN_COLUMNS.findall(f"{self.sql} {expressions} {table}")} - {"id"}
        if not ids:
            return table
        if not own:
            return table.replace(_ALL_MEMBERS, f"({ids}) AS m", 1)
        return table.replace(_ALL_MEMBERS, f"({ids}) AS those JOIN {_ALL_MEMBERS} ON m.id = those.id", 1)

    def of_member(self, member_id: str) -> str:
        """A statement with a row where the member of this id (an expression) matches."""
        rows = self.rows(f"SELECT {member_id} AS id")
        return f"SELECT FROM {rows} WHERE {self.sql}"


def condition_of(rules: Sequence[Rule], now: datetime, prefix: str = "r") -> Condition | None:
    """The condition under which all of these rules hold; None where there are none."""
    if not rules:
        return None
    compiled = compile(All("", tuple(rules)), now, prefix=prefix)
    return Condition(compiled.sql, compiled.parameters, compiled.sources)


def hits_of(condition: Q) -> Condition:
    """A condition of a search, which is over Member alone."""
    statement, parameters = member_ids(condition)
    where = statement.partition(" WHERE ")[2].replace(f'"{_TABLE}".', "m.")
    return Condition(f"({where})", parameters)


def member_ids(condition: Q) -> tuple[str, dict[str, Any]]:
    """A statement for the ids of the members that fulfil a condition over Member, and its parameters."""
    try:
        return name_parameters(*Member.objects.filter(condition).values("id").query.sql_with_params(), "hit")
    except EmptyResultSet:
        return "SELECT NULL::bigint AS id WHERE false", {}
