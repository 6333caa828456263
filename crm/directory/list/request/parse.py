"""Parse the query string of the list into a request of which every part is valid for its reader."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.directory.list.request.columns import columns_named
from crm.directory.list.request.orders import DEFAULT, MemberOrder, order_named
from crm.directory.list.request.quick_filters import QUICK_FILTERS, filters_for, rules_of
from crm.runtime.errors import error_text
from crm.staff.models import Staff
from crm.web.lists.tokens import damaged_token, parse_integer, read_token, write_token
from crm.web.responses import BadQuery
from members.profiles.search.search_members import LONGEST
from members.profiles.search.search_token import read_search
from members.rules.catalogue.fields import Field
from members.rules.language.errors import BadRules
from members.rules.language.json_text import read_json
from members.rules.language.parse import parse as parse_rule
from members.rules.language.tree import All, FieldIs, Rule

OTHER_PARAMETERS = frozenset({"q", "find", "sort", "cols", "view", "after", "rule"})
_RANGES = (("aum_min", "aum_max"), ("registered_from", "registered_to"))
_SEARCH = "search"  # stands in tokens where the name of an order does
_MOST_ROWS = 10**9
_MOST_IGNORED = 5  # names shown
_LONGEST_RULE = 6_000  # characters in an address


class BadFilter(BadQuery):
    """A value that the list cannot be filtered or sorted by; `names` are its parameters."""

    def __init__(self, words: str, *names: str) -> None:
        super().__init__(words)
        self.names = names


@dataclass(frozen=True)
class Position:
    """Where a page starts: after the member of this id and `value` in the order, the `rows_before`-th row."""

    value: Any
    member_id: int
    rows_before: int

    def token(self, order: MemberOrder | None) -> str:
        """The position as a page token; without an order, among the best matches of a search."""
        if order is None:
            return write_token(_SEARCH, self.rows_before, self.member_id)
        return write_token(order.name, self.value, self.member_id, self.rows_before)


@dataclass(frozen=True)
class ListRequest:
    """What a reader asks of the list.

    `filters` are parsed values by the name of their quick filter, `rule` is what else is asked of a member;
    `text` is searched for; `granted_until`: it may
    ask for more than the reader sees, so long. `sort` is the name of an order as asked for, often empty;
    `order` is the one to read by, None for the best matches of a search first. `position` is None for the
    first page. `ignored` names parameters that are unknown, or not for this reader.
    """

    filters: Mapping[str, Any]
    rule: Rule | None
    text: str
    granted_until: datetime | None
    sort: str
    order: MemberOrder | None
    columns: Sequence[Field]
    position: Position | None
    ignored: tuple[str, ...]

    def is_granted(self, now: datetime) -> bool:
        """Whether the search may ask for more than the reader sees."""
        return self.granted_until is not None and now < self.granted_until

    def conditions(self, without: Collection[str] = ()) -> list[Rule]:
        """What all members of the list fulfil; `without` some quick filters."""
        quick = [rule for name, rule in rules_of(self.filters).items() if name not in without]
        asked = [*quick, self.rule] if self.rule else quick
        return [one for rule in asked for one in _apart(rule)]


def _apart(rule: Rule) -> Iterator[Rule]:
    """The conditions of which a rule is made, where all have to hold."""
    if isinstance(rule, All):
        for one in rule.rules:
            yield from _apart(one)
    else:
        yield rule


def parse(parameters: Mapping[str, str], staff: Staff, columns: Iterable[str] = ()) -> ListRequest:
    """The request of a query string; `columns` are the names of those shown where it names none.

    Raises BadFilter, which names the field, on a value that a filter cannot have and an order that is not
    offered, and BadQuery on a page token that is damaged or of another order.
    """
    filters, ignored = _parse_filters(parameters, staff)
    text, granted_until = clean_text(parameters.get("q", "")), None
    if parameters.get("find"):
        text, granted_until = read_search(parameters["find"], staff)
    sort = parameters.get("sort", "")
    rule = _parse_rule(parameters["rule"], staff) if parameters.get("rule") else None
    order = None if text and not sort else _order(sort or DEFAULT, staff)
    names = parameters["cols"].split(",") if parameters.get("cols") else columns
    request = ListRequest(
        filters,
        rule,
        text,
        granted_until,
        order.name if sort and order else "",
        order,
        columns_named(names, staff),
        None,
        ignored,
    )
    request = replace(request, order=_bounded(order, request)) if order else request
    position = _parse_token(parameters["after"], request.order) if parameters.get("after") else None
    return replace(request, position=position)


def clean_text(text: str) -> str:
    """What is searched for."""
    return text.replace("\0", "").strip()[:LONGEST]


def _parse_filters(parameters: Mapping[str, str], staff: Staff) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Values by filter, and the names of the parameters that are none for this reader."""
    values, ignored, allowed = {}, [], filters_for(staff)
    for name, text in parameters.items():
        if name in allowed:
            if text.strip():
                values[name] = _parse_value(name, text)
        elif name not in OTHER_PARAMETERS:
            ignored.append(name.replace("\0", "")[:40])
    for low, high in _RANGES:
        if low in values and high in values and values[low] > values[high]:
            labels = {"low": QUICK_FILTERS[low].label, "high": QUICK_FILTERS[high].label}
            raise BadFilter(_("“%(low)s” is greater than “%(high)s”.") % labels, low, high)
    return values, tuple(ignored[:_MOST_IGNORED])


def _parse_value(name: str, text: str) -> Any:
    try:
        return QUICK_FILTERS[name].parse(text)
    except ValueError as error:
        raise _invalid(name, QUICK_FILTERS[name].label, text, QUICK_FILTERS[name].valid) from error


def _parse_rule(text: str, staff: Staff) -> Rule:
    if len(text) > _LONGEST_RULE:
        raise _invalid("rule", gettext_lazy("Rule"), text)
    try:
        return parse_rule(read_json(text), staff=staff)
    except BadRules as error:
        mistake = error.mistakes[0]
        shown = {"path": mistake.path, "words": error_text(mistake)}
        raise BadFilter(_("Rule, at %(path)s: %(words)s") % shown, "rule") from error


def _invalid(name: str, label: str | Promise, text: str, valid: str | Promise = "") -> BadFilter:
    shown = {"name": label, "value": text.replace("\0", "")[:40]}
    words = _("%(name)s: “%(value)s” is not valid.") % shown
    return BadFilter(f"{words} {valid}".strip(), name)


def _order(name: str, staff: Staff) -> MemberOrder:
    order = order_named(name)
    if order is None or not order.field.is_plain_to(staff):
        raise _invalid("sort", gettext_lazy("Sort by"), name)
    return order


def _bounded(order: MemberOrder, request: ListRequest) -> MemberOrder:
    """The order; a condition on its field leaves out the rows without a value."""
    bounded = any(
        isinstance(one, FieldIs) and one.field == order.field.name and one.operator != "missing"
        for one in request.conditions()
    )
    return replace(order, nulls=False) if bounded else order


def _parse_token(token: str, order: MemberOrder | None) -> Position:
    if order is None:
        name, rows_before, member_id = read_token(token, str, parse_integer, parse_integer)
        if name != _SEARCH or member_id is None or rows_before is None or rows_before < 0:
            raise _token_of_another_order()
        return Position(None, member_id, rows_before)
    name, *_values = read_token(token, str, str, str, str)
    if name != order.name:
        raise _token_of_another_order()
    _name, value, member_id, rows_before = read_token(token, str, order.parse, parse_integer, parse_integer)
    if member_id is None or rows_before is None or not 0 <= rows_before < _MOST_ROWS:
        raise damaged_token()
    if value is None and not order.nulls:
        raise damaged_token()
    return Position(value, member_id, rows_before)


def _token_of_another_order() -> BadQuery:
    words = _("“after”: this link belongs to a different sort order. Start again from the first page.")
    return BadQuery(words)
