"""The orders of the list of members, and the stretches of an order that are still to be shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, F, Func, Model, Q, QuerySet, Value
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from crm.web.lists.paging import amount, instant
from members.lifecycle.models import Standing
from members.profiles.models import Member


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
    "since": Order(gettext_lazy("Most recent stage change"), "since", instant),
    "registered": Order(
        gettext_lazy("Most recently registered"), "registered_at", instant, model=Member, opposed=True
    ),
    "due": Order(gettext_lazy("Soonest expected change"), "due_at", instant, descending=False),
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
class Segment:
    """A stretch of the order: rows with a value after `last`, or (`empty`) those without one after `key`."""

    empty: bool = False
    last: Any = None
    key: int | None = None


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


def within(order: Order, path: str, key: str, segment: Segment) -> Q:
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


def ordering(order: Order, path: str, key: str) -> list[str]:
    sign = "-" if order.descending else ""
    return [f"{sign}{path}", key if order.opposed else f"{sign}{key}"]
