"""Read members along the index of an order; what it cannot answer is checked on a bounded number of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import RawSQL

from crm.directory.list.plan import IndexPlan
from crm.runtime.sql_files import sql_beside
from crm.web.lists.keyset import Segment, bound, ordering
from members.lifecycle.models import Stage, Standing
from members.profiles.models import Member

SPAN = 3_000  # members of the order checked for one page
_EACH, _NO_STAGE = "each stage", ("",)
_SPAN, _ARMS = map(sql_beside(__file__), ("span", "arms"))
Row = tuple[int, Any]  # member id, value in the order


def read_index(plan: IndexPlan, segment: Segment, rows: int) -> tuple[list[Row], Row | None]:
    """At most `rows` of a segment that match; the end of the span of SPAN members, if too few of it match.

    One query.
    """
    if plan.checks:
        return _read_span(plan, segment, rows)
    with connection.cursor() as cursor:
        cursor.execute(*_in_order(plan, segment, rows))
        return cursor.fetchall(), None


def _read_span(plan: IndexPlan, segment: Segment, rows: int) -> tuple[list[Row], Row | None]:
    span, span_parameters = _in_order(plan, segment, SPAN)
    match, match_parameters = matching_member(plan.checks)
    order = plan.order
    statement = _SPAN.format(
        span=span,
        match=match,
        rows=int(rows),
        most=SPAN,
        back="ASC" if order.descending else "DESC",
        back_key="ASC" if order.key_descending else "DESC",
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*span_parameters, *match_parameters])
        answer = cursor.fetchall()
    found = [(member_id, value) for matches, member_id, value in answer if matches]
    end = next(((member_id, value) for matches, member_id, value in answer if not matches), None)
    return found, end


def matching_member(checks: Sequence[Q]) -> tuple[str, tuple[Any, ...]]:
    """SQL for the member of a row of `span`, if it matches, with its parameters.

    It is looked up among the members alone where all checks are on those.
    """
    return _matching(checks).query.sql_with_params()


def _matching(checks: Sequence[Q]) -> QuerySet[Any, Any]:
    this_one = RawSQL("span.member_id", ())  # noqa: S611 - no word of it comes from outside
    if all(_is_of_member(check) for check in checks):
        return Member.objects.filter(*map(_of_member, checks), pk=this_one).values("pk")
    return Standing.objects.filter(*checks, pk=this_one).values("pk")


def _is_of_member(check: Q) -> bool:
    pairs = [child for child in check.children if isinstance(child, tuple)]
    is_plain = len(pairs) == len(check) and not check.negated and check.connector == Q.AND
    return is_plain and all(path.startswith("member__") for path, _value in pairs)


def _in_order(plan: IndexPlan, segment: Segment, rows: int) -> tuple[str, tuple[Any, ...]]:
    """SQL for the next `rows` along the index, as (member_id, value), with its parameters."""
    order = plan.order
    texts, parameters = [], []
    for stages, arm in _arms(plan, segment):
        in_order = arm.order_by(*ordering(order)).annotate(value=F(order.column))
        text, given = in_order.values_list(order.key, "value")[:rows].query.sql_with_params()
        for stage in stages:
            texts.append(f"({text})")
            parameters += [stage if one == _EACH else one for one in given]
    by_value, by_key = ("DESC" if way else "ASC" for way in (order.descending, order.key_descending))
    merged = f"value {by_value}, member_id {by_key}"
    return _ARMS.format(arms=" UNION ALL ".join(texts), order=merged, rows=int(rows)), tuple(parameters)


def _arms(plan: IndexPlan, segment: Segment) -> list[tuple[Sequence[str], QuerySet[Any]]]:
    """The ranges of the index that make up a segment: one for each stage, or one in all.

    An arm stands for each of the stages beside it, in place of _EACH: the text of a statement is made once.
    """
    order = plan.order
    base = order.model._default_manager.filter(bound(order, segment))
    if order.model is Member:
        return [(_NO_STAGE, base.filter(*map(_of_member, plan.bounds)))]
    base = base.filter(*plan.bounds)
    if plan.warned or order.column == "due_at":
        return [(_NO_STAGE, base)]
    if plan.stage:
        return [(_NO_STAGE, base.filter(stage=plan.stage))]
    return [(Stage.values, base.filter(stage=_EACH)), (_NO_STAGE, base.filter(stage=None))]


def _of_member(condition: Q) -> Q:
    """A condition on the member of a Standing as one on the Member."""
    pairs: list[Any] = list(condition.children)  # each a path with its value, as filters write them
    return Q(*((path.removeprefix("member__"), value) for path, value in pairs))
