"""Walk the members in an order, page by page, at a cost that does not grow with their number.

Who has a book is shown the fitting members of the book. Who sees everybody walks an index: it holds the
members of each stage in the order, so the stages are merged; what the index cannot answer is checked on at
most SPAN members a page (crm.directory.list.scan), and a page that ends early says where to go on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, QuerySet, Window
from django.utils.translation import gettext as _

from crm.directory.list.order import Order, Segment, Walk, ordering, within
from crm.directory.list.scan import read_along, read_span
from crm.web.lists.paging import from_token, to_token, whole
from crm.web.responses import BadQuery
from members.lifecycle.models import Standing
from members.profiles.models import Member

_FARTHEST = 10**9


@dataclass(frozen=True)
class Found:
    """Member ids in order; the token of what follows (empty: nothing); whether the look ended early."""

    ids: Sequence[int]
    next: str = ""
    cut: bool = False
    before: int = 0  # members shown on earlier pages
    size: int | None = None  # how many fit in all, where that came along


def follow(walk: Walk, after: str, size: int) -> Found:
    """The `size` members after the token. At most three statements. Raises BadQuery on a foreign token."""
    if walk.scope is not None and not after:
        return _begin_scope(walk, walk.scope, size)
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


def _segments(walk: Walk, after: str) -> tuple[list[Segment], int]:
    """The stretches still to walk, and how many members came before."""
    rest = [Segment(empty=True)] if walk.order.nulls and not walk.bounded else []
    if not after:
        return [Segment(), *rest], 0
    last, key, before = _position(walk, after)
    if last is None:
        if not rest:
            raise BadQuery(_("This link is not valid. Start again from the first page."))
        return [Segment(empty=True, key=key)], before
    return [Segment(last=last, key=key), *rest], before


def _position(walk: Walk, after: str) -> tuple[Any, int, int]:
    """The last value, the last member and the number of members of a token. Raises BadQuery."""
    sort, *_others = from_token(after, str, str, str, str)
    if sort != walk.sort:
        words = _("“after”: this link belongs to a different sort order. Start again from the first page.")
        raise BadQuery(words)
    _sort, last, key, before = from_token(after, str, walk.order.read, whole, whole)
    if key is None or before is None or not 0 <= before < _FARTHEST:
        raise BadQuery(_("This link is not valid. Start again from the first page."))
    return last, key, before


def _read(walk: Walk, segment: Segment, rows: int) -> tuple[list[tuple[int, Any]], tuple[int, Any] | None]:
    """At most `rows` (member, value) of a segment; where the look ended, if it did before the segment did."""
    if walk.scope is not None:
        return _read_scope(walk, walk.scope, segment, rows), None
    if walk.beside:
        return read_span(walk, segment, rows)
    return read_along(walk, segment, rows), None


def _begin_scope(walk: Walk, scope: QuerySet[Standing], size: int) -> Found:
    """The first page of a book, which is read and sorted whole; who has no value comes last. One query."""
    order, path = walk.order, _path_in_scope(walk.order)
    by_value = F(path).desc(nulls_last=True) if order.descending else F(path).asc(nulls_last=True)
    counted = fitting(walk, scope).annotate(size=Window(Count("member_id")))
    rows = counted.order_by(by_value, *ordering(order, path, "member_id")[1:])
    found = list(rows.values_list("member_id", path, "size")[: size + 1])
    token = to_token(walk.sort, found[size - 1][1], found[size - 1][0], size) if len(found) > size else ""
    return Found([row[0] for row in found[:size]], token, size=found[0][2] if found else 0)


def _read_scope(walk: Walk, scope: QuerySet[Standing], segment: Segment, rows: int) -> list[tuple[int, Any]]:
    path = _path_in_scope(walk.order)
    standings = fitting(walk, scope).filter(within(walk.order, path, "member_id", segment))
    ordered = standings.order_by(*ordering(walk.order, path, "member_id"))
    return list(ordered.values_list("member_id", path)[:rows])


def fitting(walk: Walk, scope: QuerySet[Standing]) -> QuerySet[Standing]:
    """All members of the scope that the conditions let by, in no order."""
    rows = scope.filter(*walk.inside, *walk.beside)
    return rows.filter(stage=walk.stage) if walk.stage else rows


def _path_in_scope(order: Order) -> str:
    return f"member__{order.column}" if order.model is Member else order.column
