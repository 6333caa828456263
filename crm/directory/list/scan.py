"""Read the next rows of an order along its indexes, and those of them that fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import RawSQL

from crm.directory.list.order import Segment, Walk, ordering, within
from crm.runtime.sql_files import sql_beside
from members.lifecycle.models import Stage, Standing
from members.profiles.models import Member

SPAN = 3_000  # members of the order looked at for one page where a filter has no index of its own
_EACH, _ONCE = "each stage", ("",)
_SCAN, _ARMS = map(sql_beside(__file__), ("scan", "arms"))


def read_along(walk: Walk, segment: Segment, rows: int) -> list[tuple[int, Any]]:
    """At most `rows` (member, value) of a segment, all of which fit."""
    with connection.cursor() as cursor:
        cursor.execute(*_span(walk, segment, rows))
        return cursor.fetchall()


def read_span(
    walk: Walk, segment: Segment, rows: int
) -> tuple[list[tuple[int, Any]], tuple[int, Any] | None]:
    """At most `rows` (member, value) of the segment's next SPAN; where these end, if too few of them fit."""
    span, span_parameters = _span(walk, segment, SPAN)
    fit, fit_parameters = _fit(walk.beside).query.sql_with_params()
    falls = walk.order.descending
    statement = _SCAN.format(
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


def _fit(beside: Sequence[Q]) -> QuerySet[Any, Any]:
    """A row of the span that fits: looked up among the members alone where all conditions are on those."""
    this_one = RawSQL("span.member_id", ())  # noqa: S611 - no word of it comes from outside
    if all(_is_of_member(condition) for condition in beside):
        return Member.objects.filter(*map(_of_member, beside), pk=this_one).values("pk")
    return Standing.objects.filter(*beside, pk=this_one).values("pk")


def _is_of_member(condition: Q) -> bool:
    pairs = [child for child in condition.children if isinstance(child, tuple)]
    plain = len(pairs) == len(condition) and not condition.negated and condition.connector == Q.AND
    return plain and all(path.startswith("member__") for path, _value in pairs)


def _span(walk: Walk, segment: Segment, rows: int) -> tuple[str, tuple[Any, ...]]:
    """SQL for the next `rows` of the order's index, as (member_id, place), with its parameters."""
    order = walk.order
    texts, parameters = [], []
    for stages, arm in _arms(walk, segment):
        arm = arm.order_by(*ordering(order, order.column, order.key))
        part = arm.annotate(place=F(order.column)).values_list(order.key, "place")[:rows]
        text, given = part.query.sql_with_params()
        for stage in stages:
            texts.append(f"({text})")
            parameters += [stage if one == _EACH else one for one in given]
    down = "DESC" if order.descending else "ASC"
    ways = f"place {down}, member_id {'ASC' if order.opposed else down}"
    return _ARMS.format(arms=" UNION ALL ".join(texts), ways=ways, rows=int(rows)), tuple(parameters)


def _arms(walk: Walk, segment: Segment) -> list[tuple[Sequence[str], QuerySet[Any]]]:
    """The stretches of the order's indexes that make up a segment: one for each stage, or one in all.

    An arm stands for each of the stages beside it, in place of _EACH: the text of a statement is made once.
    """
    order = walk.order
    base = order.model._default_manager.filter(within(order, order.column, order.key, segment))
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
