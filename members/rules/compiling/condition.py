"""Compile a rule: one SQL condition with bound parameters, and when its answer can change next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from members.rules.catalogue.fields import Past, fields, sources
from members.rules.compiling.changed import compile_changed
from members.rules.compiling.compare import compare
from members.rules.compiling.did import compile_did
from members.rules.compiling.groups import all_of, any_of, negated
from members.rules.compiling.part import NOW, TODAY, Part, Scope, earliest
from members.rules.language.errors import NoHistory
from members.rules.language.tree import All, Any_, Changed, Did, FieldIs, Not, Rule

KNOWN = Part("(m.known_at <= %(now)s)", "CASE WHEN m.known_at > %(now)s THEN m.known_at END")


@dataclass(frozen=True)
class Condition:
    """A rule over the member `m` and the rows of its `sources`.

    `sql` is true or false, never NULL. `next_sql` is the first instant after now at which the answer may
    change for the member with no new facts; NULL: never; None: never for anybody. `tables` are those whose
    changes can change the answer; one without a member_id can change it for everybody. The names of
    `parameters` begin with the prefix, but for now and today, which conditions of one instant share.
    """

    sql: str
    parameters: Mapping[str, Any]
    sources: tuple[str, ...]
    tables: frozenset[str]
    next_sql: str | None


def compile(
    rule: Rule,
    now: datetime,
    *,
    past: bool = False,
    prefix: str = "r",
    few: bool = True,
    watched: bool = False,
) -> Condition:
    """The condition of a rule at an instant.

    `past`: as of an instant that has gone by, by the history of its facts. Raises NoHistory where that is not
    kept. `few`: for few members, each looked up by index; otherwise for a pass over everybody. `watched`: the
    caller is told of every change of the tables, so the next instant leaves out when a stored value is
    expected to be written anew (a stage falls due).
    """
    scope = Scope(now, past, few, prefix, watched)
    part = _compile(rule, scope)
    if past:
        part = all_of([KNOWN, part])
    return Condition(part.sql, scope.parameters(), tuple(scope.sources), frozenset(scope.tables), part.next)


def from_clause(aliases: Iterable[str]) -> str:
    """The members `m`, joined with these sources, each at most one row a member."""
    joins = [f"{sources['m'].table} AS m"]
    for alias in dict.fromkeys(aliases):
        source = sources[alias]
        join = "LEFT JOIN" if source.optional else "JOIN"
        condition = f" AND {source.condition}" if source.condition else ""
        joins.append(f"{join} {source.table} AS {alias} ON {alias}.{source.key} = m.id{condition}")
    return " ".join(joins)


def _compile(rule: Rule, scope: Scope) -> Part:
    match rule:
        case All():
            return all_of([_compile(one, scope) for one in rule.rules])
        case Any_():
            return any_of([_compile(one, scope) for one in rule.rules])
        case Not():
            return negated(_compile(rule.rule, scope))
        case FieldIs():
            return _field(rule, scope)
        case Did():
            return compile_did(rule, scope)
        case Changed():
            return compile_changed(rule, scope)


def _field(rule: FieldIs, scope: Scope) -> Part:
    field = fields[rule.field]
    expression, changes = field.sql, field.next
    if scope.past and field.past is Past.UNKNOWN:
        raise NoHistory(rule.path, field.name)
    if scope.past and field.known_since:
        since = field.known_since(rule.value)
        if since is None or scope.now < since:
            raise NoHistory(rule.path, field.name, since)
    if scope.past and isinstance(field.past, str):
        expression, changes = field.past, field.past_next or field.next
    if scope.watched and NOW not in expression and TODAY not in expression:
        changes = None  # it changes by being written
    scope.sources |= dict.fromkeys(field.sources)
    scope.tables |= set(field.tables)
    part = compare(
        expression, field.type, rule.operator, rule.value, scope, counts_from_itself=field.counts_from_itself
    )
    return Part(part.sql, earliest([part.next, changes]))
