"""Plan how a request is read for its reader: by which index or within which scope, and what gives its size.

A reader with a book is shown the matching members of the book (ScopePlan). A reader who sees everybody reads
an index of the order (IndexPlan): a condition that the index cannot answer is checked on a bounded number of
members a page, so a page costs the same whatever is asked. A search without an order shows the best matches
first (SearchPlan).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q, QuerySet

from crm.directory.list.fields.filters import ANY, BY_STAGE, FILTERS, NONE, conditions
from crm.directory.list.fields.orders import MemberOrder
from crm.directory.list.parse import ListRequest
from crm.staff.models import Staff
from members.lifecycle.counts.stage_counts import visible_standings
from members.lifecycle.models import Standing
from members.profiles.models import Member
from members.profiles.search.search_members import search_condition
from members.profiles.visibility import sees_everybody


@dataclass(frozen=True)
class SearchPlan:
    """The hits of a search, best first; each page drops hits that are not `matching` (None: no filter)."""

    text: str
    granted: bool
    staff: Staff
    matching: QuerySet[Standing] | None


@dataclass(frozen=True)
class ScopePlan:
    """`matching` members out of the few that an index selects: of a book or a team, or hits of a search.

    `any_stage` are those that match all but the filters by stage.
    """

    order: MemberOrder
    matching: QuerySet[Standing]
    any_stage: QuerySet[Standing]


@dataclass(frozen=True)
class IndexPlan:
    """All members along the index of an order.

    `bounds` are answered by that index, `checks` row by row; both are over Standing. `stage` picks one stage
    of an index by stage; `warned`: the index of members with a warning is read. `any_stage` are all
    conditions but those by stage.
    """

    order: MemberOrder
    bounds: tuple[Q, ...]
    checks: tuple[Q, ...]
    stage: str
    warned: bool
    any_stage: tuple[Q, ...]


Plan = SearchPlan | ScopePlan | IndexPlan


def plan(request: ListRequest, staff: Staff, now: datetime) -> Plan:
    """The plan of a request. No query without a search text, up to three with one."""
    asked = conditions(request.filters, now)
    granted = request.is_granted(now)
    if request.order is None:
        matching_rows = visible_standings(staff).filter(*asked.values()) if asked else None
        return SearchPlan(request.text, granted, staff, matching_rows)
    is_few = not sees_everybody(staff) or request.filters.get("manager", NONE) != NONE
    if request.text:
        asked["text"] = hits = search_condition(request.text, staff, "member__", granted=granted)
        is_few = is_few or not _searches_text(hits)
    any_stage = [condition for name, condition in asked.items() if name not in BY_STAGE]
    if is_few:
        seen = visible_standings(staff)
        return ScopePlan(_in_scope(request.order), seen.filter(*asked.values()), seen.filter(*any_stage))
    return _index_plan(request, request.order, asked, any_stage)


def _searches_text(hits: Q) -> bool:
    """Whether a search compares the text of each member; else it names its few hits."""
    compared = ("contains", "startswith")
    return any(part[0].endswith(compared) for part in hits.children if isinstance(part, tuple))


def _in_scope(order: MemberOrder) -> MemberOrder:
    """The order with its column as a path from Standing, which a scope is read from."""
    if order.model is Member:
        return replace(order, column=f"member__{order.column}", key="member_id")
    return order


def _index_plan(
    request: ListRequest, order: MemberOrder, asked: Mapping[str, Q], any_stage: Sequence[Q]
) -> IndexPlan:
    checks = dict(asked)
    ranges = [name for name in request.filters if FILTERS[name].column == order.column]
    bounds = [checks.pop(name) for name in ranges]
    warned = "warning" in checks and order.column == "aum"
    if warned:
        bounds.append(Q(warnings__gt=0))
        if request.filters["warning"] == ANY:
            checks.pop("warning")
    stage = ""
    if "stage" in checks and order.column in {"aum", "since"} and not warned:
        checks.pop("stage")
        stage = request.filters["stage"]
    return IndexPlan(order, tuple(bounds), tuple(checks.values()), stage, warned, tuple(any_stage))
