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
from django.db.models import BooleanField, Count, F, Func, Model, Q, QuerySet, Value, Window
from django.db.models.expressions import RawSQL
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.web.answers import BadQuery
from crm.web.paging import amount, from_token, instant, to_token, whole
from members.lifecycle.models import Stage, Standing
from members.profiles.models import Member

_FARTHEST = 10**9
_EACH, _ONCE = "each stage", ("",)
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
    opposed: bool = False  # whether ties go up while values go down, as the index has them

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
    "registered": Order(
        gettext_lazy("Latest registration"), "registered_at", instant, model=Member, opposed=True
    ),
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
    size: int | None = None  # how many fit in all, where that came along


@dataclass(frozen=True)
class _Segment:
    """A stretch of the order: rows with a value after `last`, or (`empty`) those without one after `key`."""

    empty: bool = False
    last: Any = None
    key: int | None = None


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


def _segments(walk: Walk, after: str) -> tuple[list[_Segment], int]:
    """The stretches still to walk, and how many members came before."""
    rest = [_Segment(empty=True)] if walk.order.nulls and not walk.bounded else []
    if not after:
        return [_Segment(), *rest], 0
    last, key, before = _position(walk, after)
    if last is None:
        if not rest:
            raise BadQuery(_("This page address is damaged. Start again from the first page."))
        return [_Segment(empty=True, key=key)], before
    return [_Segment(last=last, key=key), *rest], before


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


class _Beyond(Func):
    """Whether (value, key) lies beyond another pair: as a comparison of rows, which bounds an index scan."""

    output_field = BooleanField()

    def __init__(self, sign: str, *expressions: Any) -> None:
        super().__init__(*expressions)
        self.sign = sign

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> tuple[str, tuple[Any, ...]]:
        parts = [compiler.compile(expression) for expression in self.get_source_expressions()]
        value, key, last, last_key = (text for text, _given in parts)
        given = tuple(one for _text, some in parts for one in some)
        return f"({value}, {key}) {self.sign} ({last}, {last_key})", given


def _within(order: Order, path: str, key: str, segment: _Segment) -> Q:
    """The condition of a segment, on rows whose value is at `path`."""
    falls = order.descending
    if segment.empty:
        after = "gt" if order.opposed or not falls else "lt"
        return Q(**{f"{path}__isnull": True}) & (
            Q(**{f"{key}__{after}": segment.key}) if segment.key else Q()
        )
    if segment.key is None:
        return Q(**{f"{path}__isnull": False}) if order.nulls else Q()
    if order.opposed:
        tie = Q(**{path: segment.last, f"{key}__gt": segment.key})
        return Q(**{f"{path}__lte": segment.last}) & (Q(**{f"{path}__lt": segment.last}) | tie)
    return Q(_Beyond("<" if falls else ">", F(path), F(key), Value(segment.last), Value(segment.key)))


def _ordering(order: Order, path: str, key: str) -> list[str]:
    sign = "-" if order.descending else ""
    return [f"{sign}{path}", key if order.opposed else f"{sign}{key}"]


def _read(walk: Walk, segment: _Segment, rows: int) -> tuple[list[tuple[int, Any]], tuple[int, Any] | None]:
    """At most `rows` (member, value) of a segment; where the look ended, if it did before the segment did."""
    if walk.scope is not None:
        return _read_scope(walk, walk.scope, segment, rows), None
    if walk.beside:
        return _read_span(walk, segment, rows)
    with connection.cursor() as cursor:
        cursor.execute(*_span(walk, segment, rows))
        return cursor.fetchall(), None


def _begin_scope(walk: Walk, scope: QuerySet[Standing], size: int) -> Found:
    """The first page of a book, which is read and sorted whole; who has no value comes last. One query."""
    order, path = walk.order, _path_in_scope(walk.order)
    by_value = F(path).desc(nulls_last=True) if order.descending else F(path).asc(nulls_last=True)
    counted = fitting(walk, scope).annotate(size=Window(Count("member_id")))
    rows = counted.order_by(by_value, *_ordering(order, path, "member_id")[1:])
    found = list(rows.values_list("member_id", path, "size")[: size + 1])
    token = to_token(walk.sort, found[size - 1][1], found[size - 1][0], size) if len(found) > size else ""
    return Found([row[0] for row in found[:size]], token, size=found[0][2] if found else 0)


def _read_scope(walk: Walk, scope: QuerySet[Standing], segment: _Segment, rows: int) -> list[tuple[int, Any]]:
    path = _path_in_scope(walk.order)
    standings = fitting(walk, scope).filter(_within(walk.order, path, "member_id", segment))
    ordered = standings.order_by(*_ordering(walk.order, path, "member_id"))
    return list(ordered.values_list("member_id", path)[:rows])


def fitting(walk: Walk, scope: QuerySet[Standing]) -> QuerySet[Standing]:
    """All members of the scope that the conditions let by, in no order."""
    rows = scope.filter(*walk.inside, *walk.beside)
    return rows.filter(stage=walk.stage) if walk.stage else rows


def _path_in_scope(order: Order) -> str:
    return f"member__{order.column}" if order.model is Member else order.column


def _read_span(
    walk: Walk, segment: _Segment, rows: int
) -> tuple[list[tuple[int, Any]], tuple[int, Any] | None]:
    span, span_parameters = _span(walk, segment, SPAN)
    this_one = RawSQL("span.member_id", ())  # noqa: S611 - no word of it comes from outside
    fit, fit_parameters = (
        Standing.objects.filter(*walk.beside, pk=this_one).values("pk").query.sql_with_params()
    )
    falls = walk.order.descending
    statement = _WALK.format(
        span=span,
        fit=fit,
        rows=int(rows),
        most=SPAN,
        back="ASC" if falls else "DESC",
        back_key="ASC" if falls and not walk.order.opposed else "DESC",
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*span_parameters, *fit_parameters])
        answer = cursor.fetchall()
    found = [(member_id, place) for is_found, member_id, place in answer if is_found]
    end = next(((member_id, place) for is_found, member_id, place in answer if not is_found), None)
    return found, end


def _span(walk: Walk, segment: _Segment, rows: int) -> tuple[str, tuple[Any, ...]]:
    """SQL for the next `rows` of the order's index, as (member_id, place), with its parameters."""
    order = walk.order
    texts, parameters = [], []
    for stages, arm in _arms(walk, segment):
        arm = arm.order_by(*_ordering(order, order.column, order.key))
        part = arm.annotate(place=F(order.column)).values_list(order.key, "place")[:rows]
        text, given = part.query.sql_with_params()
        for stage in stages:
            texts.append(f"({text})")
            parameters += [stage if one == _EACH else one for one in given]
    down = "DESC" if order.descending else "ASC"
    ways = f"place {down}, member_id {'ASC' if order.opposed else down}"
    return _ARMS.format(arms=" UNION ALL ".join(texts), ways=ways, rows=int(rows)), tuple(parameters)


def _arms(walk: Walk, segment: _Segment) -> list[tuple[Sequence[str], QuerySet[Any]]]:
    """The stretches of the order's indexes that make up a segment: one for each stage, or one in all.

    An arm stands for each of the stages beside it, in place of _EACH: the text of a statement is made once.
    """
    order = walk.order
    base = order.model._default_manager.filter(_within(order, order.column, order.key, segment))
    if order.model is Member:
        return [(_ONCE, base.filter(*(_of_member(condition) for condition in walk.inside)))]
    base = base.filter(*walk.inside)
    if walk.warned or order.column == "due_at":
        return [(_ONCE, base)]
    if walk.stage:
        return [(_ONCE, base.filter(stage=walk.stage))]
    return [(Stage.values, base.filter(stage=_EACH)), (_ONCE, base.filter(stage=None))]


def _of_member(condition: Q) -> Q:
    """A condition on the member of a Standing as one on the Member."""
    pairs: list[Any] = list(condition.children)  # each a path with its value, as filters write them
    return Q(*((path.removeprefix("member__"), value) for path, value in pairs))
