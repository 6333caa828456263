"""Walk the members in an order, page by page, at a cost that does not grow with their number.

Who has a book is shown the fitting members of the book. Who sees everybody walks an index: it holds the
members of each stage in the order, so the stages are merged; what the index cannot answer is checked on at
most SPAN members a page, and a page that ends early says where to go on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import F, Model, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.web.answers import BadQuery
from crm.web.paging import amount, from_token, instant, to_token, whole
from members.lifecycle.models import Stage, Standing
from members.profiles.models import Member

_FARTHEST = 10**9
SPAN = 3_000  # members of the order looked at for one page where a filter has no index of its own
_WALK, _ARMS = ((Path(__file__).parent / "sql" / name).read_text() for name in ("walk.sql", "arms.sql"))


@dataclass(frozen=True)
class Order:
    """A sort order: the column of `model`, and how its values are read back from an address."""

    label: str | Promise
    column: str
    read: Callable[[str], Any]
    descending: bool = True
    nulls: bool = True
    model: type[Model] = Standing

    @property
    def path(self) -> str:
        """The field whose values the order tells."""
        return f"{self.model.__name__}.{self.column}"

    @property
    def key(self) -> str:
        return "pk" if self.model is Member else "member_id"


# Uses indexes standing_by_stage_aum, standing_warned_by_aum, standing_by_stage_since, standing_due,
# member_by_registration
ORDERS: dict[str, Order] = {
    "aum": Order(gettext_lazy("Assets, highest first"), "aum", amount, nulls=False),
    "-aum": Order(gettext_lazy("Assets, lowest first"), "aum", amount, descending=False, nulls=False),
    "since": Order(gettext_lazy("Latest change of stage"), "since", instant),
    "registered": Order(gettext_lazy("Latest registration"), "registered_at", instant, model=Member),
    "due": Order(gettext_lazy("Next to change by itself"), "due_at", instant, descending=False),
}
USUAL = "aum"


@dataclass(frozen=True)
class Walk:
    """What is walked: an order over Standing rows, and the conditions on them.

    `scope` picks few members by an index (a book), or is empty: everybody. `inside` bounds the order's own
    index, `beside` is checked row by row; both are over Standing.
    """

    sort: str
    scope: QuerySet[Standing] | None
    inside: tuple[Q, ...] = ()
    beside: tuple[Q, ...] = ()
    stage: str = ""
    warned: bool = False
    bounded: bool = False  # whether `inside` leaves out rows without a value

    @property
    def order(self) -> Order:
        return ORDERS[self.sort]


@dataclass(frozen=True)
class Found:
    """Member ids in order; the token of what follows (empty: nothing); whether the look ended early."""

    ids: Sequence[int]
    next: str = ""
    cut: bool = False
    before: int = 0  # members shown on earlier pages


@dataclass(frozen=True)
class _Segment:
    """A stretch of the order: rows with a value after `last`, or (`empty`) those without one after `key`."""

    empty: bool = False
    tie: bool = False
    last: Any = None
    key: int | None = None


def follow(walk: Walk, after: str, size: int) -> Found:
    """The `size` members after the token. At most three statements. Raises BadQuery on a foreign token."""
    found: list[tuple[int, Any]] = []
    segments, before = _segments(walk, after)
    for segment in segments:
        rows, end = _read(walk, segment, size + 1 - len(found))
        found += rows
        if len(found) > size:
            member_id, place = found[size - 1]
            token = to_token(walk.sort, place, member_id, before + size)
            return Found([row[0] for row in found[:size]], token, before=before)
        if end is not None:
            token = to_token(walk.sort, end[1], end[0], before + len(found))
            return Found([row[0] for row in found], token, cut=True, before=before)
    return Found([row[0] for row in found], before=before)


def _segments(walk: Walk, after: str) -> tuple[list[_Segment], int]:
    """The stretches still to walk, and how many members came before.

    Equal values are a stretch of their own, so that an index bounds each.
    """
    rest = [_Segment(empty=True)] if walk.order.nulls and not walk.bounded else []
    if not after:
        return [_Segment(), *rest], 0
    last, key, before = _position(walk, after)
    if last is None:
        if not rest:
            raise BadQuery(_("This page address is damaged. Start again from the first page."))
        return [_Segment(empty=True, key=key)], before
    if walk.scope is not None:
        return [_Segment(last=last, key=key), *rest], before
    return [_Segment(tie=True, last=last, key=key), _Segment(last=last), *rest], before


def _position(walk: Walk, after: str) -> tuple[Any, int, int]:
    """The last value, the last member and the number of members of a token. Raises BadQuery."""
    sort, *_others = from_token(after, str, str, str, str)
    if sort != walk.sort:
        words = _("“after”: this page address belongs to another order. Start again from the first page.")
        raise BadQuery(words)
    _sort, last, key, before = from_token(after, str, walk.order.read, whole, whole)
    if key is None or before is None or not 0 <= before < _FARTHEST:
        raise BadQuery(_("This page address is damaged. Start again from the first page."))
    return last, key, before


def _beyond(order: Order, path: str, key: str, segment: _Segment) -> Q:
    if segment.empty:
        return Q(**{f"{path}__isnull": True}) & (Q(**{f"{key}__gt": segment.key}) if segment.key else Q())
    if segment.tie:
        return Q(**{path: segment.last, f"{key}__gt": segment.key})
    if segment.last is None:
        return Q(**{f"{path}__isnull": False}) if order.nulls else Q()
    beyond = Q(**{f"{path}__{'lt' if order.descending else 'gt'}": segment.last})
    return beyond if segment.key is None else beyond | Q(**{path: segment.last, f"{key}__gt": segment.key})


def _ordering(order: Order, path: str, key: str, segment: _Segment) -> list[str]:
    return [key] if segment.empty or segment.tie else [f"{'-' if order.descending else ''}{path}", key]


def _read(walk: Walk, segment: _Segment, rows: int) -> tuple[list[tuple[int, Any]], tuple[int, Any] | None]:
    """At most `rows` (member, value) of a segment; where the look ended, if it did before the segment did."""
    if walk.scope is not None:
        return _read_scope(walk, walk.scope, segment, rows), None
    if not walk.beside:
        with connection.cursor() as cursor:
            cursor.execute(*_span(walk, segment, rows))
            return cursor.fetchall(), None
    return _read_span(walk, segment, rows)


def _read_scope(walk: Walk, scope: QuerySet[Standing], segment: _Segment, rows: int) -> list[tuple[int, Any]]:
    order = walk.order
    path = f"member__{order.column}" if order.model is Member else order.column
    standings = scope.filter(_beyond(order, path, "member_id", segment), *walk.inside, *walk.beside)
    if walk.stage:
        standings = standings.filter(stage=walk.stage)
    return list(
        standings.order_by(*_ordering(order, path, "member_id", segment)).values_list("member_id", path)[
            :rows
        ]
    )


def _read_span(
    walk: Walk, segment: _Segment, rows: int
) -> tuple[list[tuple[int, Any]], tuple[int, Any] | None]:
    span, span_parameters = _span(walk, segment, SPAN)
    fit = Standing.objects.filter(*walk.beside).values("member_id")
    fit_sql, fit_parameters = fit.query.sql_with_params()
    ways = ("ASC", "DESC") if segment.empty or segment.tie or not walk.order.descending else ("DESC", "ASC")
    statement = _WALK.format(span=span, fit=fit_sql, direction=ways[0], opposite=ways[1])
    # The texts come from the ORM with %s; the two numbers are ours.
    statement = statement.replace("%(rows)s", str(int(rows))).replace("%(most)s", str(SPAN))
    with connection.cursor() as cursor:
        cursor.execute(statement, [*span_parameters, *fit_parameters])
        answer = cursor.fetchall()
    found = [(member_id, place) for is_found, member_id, place in answer if is_found]
    end = next(((member_id, place) for is_found, member_id, place in answer if not is_found), None)
    return found, end


def _span(walk: Walk, segment: _Segment, rows: int) -> tuple[str, tuple[Any, ...]]:
    """SQL for the next `rows` of the order's index, as (member_id, place)."""
    order = walk.order
    ordering = _ordering(order, order.column, order.key, segment)
    base = order.model._default_manager.filter(_beyond(order, order.column, order.key, segment))
    if order.model is Member:
        inside = [
            Q(*((path.removeprefix("member__"), value) for path, value in one.children))
            for one in walk.inside
        ]
        arms = [base.filter(*inside)]
    elif walk.warned or order.column == "due_at":
        arms = [base.filter(*walk.inside)]
    else:
        stages = (
            [Q(stage=walk.stage)]
            if walk.stage
            else [*(Q(stage=name) for name in Stage.values), Q(stage=None)]
        )
        arms = [base.filter(stage, *walk.inside) for stage in stages]
    parts = [
        arm.order_by(*ordering).annotate(place=F(order.column)).values_list(order.key, "place")[:rows]
        for arm in arms
    ]
    texts, parameters = [], []
    for part in parts:
        text, given = part.query.sql_with_params()
        texts.append(f"({text})")
        parameters += given
    ways = "" if segment.empty or segment.tie else f"place {'DESC' if order.descending else 'ASC'}, "
    union = " UNION ALL ".join(texts)
    return _ARMS.format(arms=union, ways=f"{ways}member_id", rows=int(rows)), tuple(parameters)
