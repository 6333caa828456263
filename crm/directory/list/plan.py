"""Plan how a request is read for its reader: by which index or within which scope, and what gives its size.

A reader with a book is shown the matching members of the book (ScopePlan). A reader who sees everybody reads
an index of the order (IndexPlan): a condition that the index cannot answer is checked on a bounded number of
members a page, so a page costs the same whatever is asked. A search without an order shows the best matches
first (SearchPlan).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from crm.directory.list.matching import Condition, condition_of, hits_of, member_ids
from crm.directory.list.request.orders import MemberOrder
from crm.directory.list.request.parse import ListRequest
from crm.directory.list.request.quick_filters import BY_STAGE
from crm.runtime.database.prepared import name_parameters
from crm.staff.models import Staff
from members.profiles.member_view import visible_ids_sql
from members.profiles.search.search_members import search_condition
from members.profiles.visibility import sees_everybody
from members.rules.catalogue.fields import fields
from members.rules.language.tree import FieldIs, Rule

Ids = tuple[str, Mapping[str, Any]]  # a statement for ids of members, with its parameters
_BESIDE_AN_INDEX = {"!=", "not_in"}  # operators that no range of an index answers


@dataclass(frozen=True)
class SearchPlan:
    """The hits of a search, best first; each page drops hits that are not `matching` (None: no filter).

    `seen` are the members whom the reader sees.
    """

    text: str
    granted: bool
    staff: Staff
    seen: Ids
    matching: Condition | None


@dataclass(frozen=True)
class ScopePlan:
    """The `matching` out of the few members `ids` that an index gives: of a book, a team, or a search.

    `any_stage` are those that match all but the filters by stage. None: all of them.
    """

    order: MemberOrder
    ids: Ids
    matching: Condition | None
    any_stage: Condition | None


@dataclass(frozen=True)
class IndexPlan:
    """All members along the index of an order.

    `bounds` are answered by that index, `checks` row by row. `groups` are the values of the field that leads
    the index (None is no value), one after another; None: it is led by none. `any_stage` are all conditions
    but the filters by stage.
    """

    order: MemberOrder
    bounds: Condition | None
    checks: Condition | None
    groups: Sequence[str | None] | None
    any_stage: Condition | None


Plan = SearchPlan | ScopePlan | IndexPlan


def plan(request: ListRequest, staff: Staff, now: datetime) -> Plan:
    """The plan of a request. No query without a search text, up to three with one."""
    rules, granted = request.conditions(), request.is_granted(now)
    if request.order is None:
        return SearchPlan(request.text, granted, staff, _seen(staff), condition_of(rules, now))
    any_stage = request.conditions(without=BY_STAGE)
    hits = search_condition(request.text, staff, granted=granted) if request.text else None
    scope = _scope(rules, hits, staff)
    if scope is None:
        return _index_plan(request.order, rules, hits, condition_of(any_stage, now), now)
    ids, answered = scope
    matching, of_any = (
        condition_of([one for one in some if one is not answered], now) for some in (rules, any_stage)
    )
    if hits and not sees_everybody(staff):
        matching, of_any = hits_of(hits) & matching, hits_of(hits) & of_any
    return ScopePlan(request.order, ids, matching, of_any)


def _seen(staff: Staff) -> Ids:
    return name_parameters(*visible_ids_sql(staff), "seen")


def _scope(rules: Sequence[Rule], hits: Q | None, staff: Staff) -> tuple[Ids, Rule | None] | None:
    """The few members among whom to look, and the rule that all of them fulfil; None: they are many."""
    if not sees_everybody(staff):
        return _seen(staff), None
    if hits and not _searches_text(hits):
        return member_ids(hits), None
    for rule in rules:
        if isinstance(rule, FieldIs) and rule.operator == "=" and fields[rule.field].lookup and not hits:
            return (fields[rule.field].lookup, {"value": rule.value}), rule
    return None


def _searches_text(hits: Q) -> bool:
    """Whether a search compares the text of each member; else it names its few hits."""
    compared = ("contains", "startswith")
    return any(part[0].endswith(compared) for part in hits.children if isinstance(part, tuple))


def _index_plan(
    order: MemberOrder, rules: Sequence[Rule], hits: Q | None, any_stage: Condition | None, now: datetime
) -> IndexPlan:
    bounds, checks = [], []
    groups: Sequence[str | None] | None = None
    among = _small_index(order, rules)
    if order.index.by and among is None:
        choices = fields[order.index.by].choices
        groups = [*(one.value for one in choices()), None] if choices else None
    for rule in rules:
        if rule is among:
            continue
        if groups is not None and (chosen := _groups_of(rule, order.index.by)) is not None:
            groups = [one for one in groups if one in chosen]
        elif _is_range(rule, order):
            bounds.append(rule)
        else:
            checks.append(rule)
    ranges = condition_of(bounds, now, prefix="b")
    if among is not None:
        ranges = Condition(f"({fields[among.field].sql})", {}, fields[among.field].sources) & ranges
    checked = condition_of(checks, now)
    if hits:
        checked, any_stage = hits_of(hits) & checked, hits_of(hits) & any_stage
    return IndexPlan(order, ranges, checked, groups, any_stage)


def _small_index(order: MemberOrder, rules: Sequence[Rule]) -> FieldIs | None:
    """The condition that all members of a smaller index of the order fulfil, where it is asked for."""
    return next(
        (
            rule
            for rule in rules
            if isinstance(rule, FieldIs) and rule.field in order.index.among and rule.value is True
        ),
        None,
    )


def _groups_of(rule: Rule, leader: str) -> set[str | None] | None:
    """The values of the leading field that a rule leaves; None where it tells no such thing."""
    if not isinstance(rule, FieldIs) or rule.field != leader:
        return None
    match rule.operator:
        case "=":
            return {rule.value}
        case "in":
            return {*rule.value}
        case "missing":
            return {None}
        case _:
            return None


def _is_range(rule: Rule, order: MemberOrder) -> bool:
    return (
        isinstance(rule, FieldIs) and rule.field == order.field.name and rule.operator not in _BESIDE_AN_INDEX
    )
