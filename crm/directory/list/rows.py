"""The list of members: its rows, page by page, as the reader may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from crm.directory.list.filters import ANY, FIELDS, NONE, Filters, conditions, plain_to
from crm.directory.list.keyset import fitting, follow
from crm.directory.list.order import ORDERS, USUAL, Order, Walk
from crm.runtime.database.prepared import fetch_prepared
from crm.runtime.sql_files import sql_beside
from crm.staff.models import Staff
from crm.web.lists.paging import SIZE, from_token, to_token, whole
from crm.web.responses import BadQuery
from members.lifecycle.counts.stage_counts import Counts, standings
from members.lifecycle.models import Standing
from members.profiles.masking import Form, MemberView, form_of, possible, seen_by, view_of
from members.profiles.search.find import find, matching
from members.profiles.visibility import sees_everybody

_SEARCH = "search"  # stands in tokens where an order does
COUNTED = 1_000  # members of a book's list counted at most
_ROWS = sql_beside(__file__)("rows")


@dataclass(frozen=True)
class Row:
    """One member of the list, as the reader may see them; from `stage` on in the order of sql/rows.sql."""

    view: MemberView
    manager: str
    outside_id: str
    stage: str | None
    sub_state: str | None
    warnings: int
    since: datetime | None
    aum: Decimal
    peak_aum: Decimal | None
    due_at: datetime | None
    last_login_at: datetime | None
    last_trade_at: datetime | None
    registered_at: datetime | None
    risk_class: str | None
    region: str
    channel: str | None

    @property
    def last_activity(self) -> datetime | None:
        known = [at for at in (self.last_login_at, self.last_trade_at) if at]
        return max(known, default=None)


@dataclass(frozen=True)
class Listing:
    """One page of the list. `next` is the token of what follows, `before` the number of earlier rows.

    `cut`: more may fit beyond the members that were looked at.

    `size` is how many fit in all where that is known, `at_least`: there are more than `size`.
    """

    rows: Sequence[Row]
    next: str = ""
    before: int = 0
    cut: bool = False
    size: int | None = None
    at_least: bool = False


def orders(staff: Staff) -> dict[str, Order]:
    """The orders this person may ask for."""
    return {name: order for name, order in ORDERS.items() if plain_to(order.path, staff)}


def list_members(
    filters: Filters,
    staff: Staff,
    now: datetime,
    after: str = "",
    *,
    size: int = SIZE,
    found: Counts | None = None,
) -> Listing:
    """One page of the list, at most five queries beside those of a search, whatever the number of members.

    `found` are the counts by stage, where they are known, from which the list's size may be read. A search
    without an order gives the best hits first. Raises BadQuery.
    """
    if filters.sort and filters.sort not in orders(staff):
        said = {"name": _("Sort by"), "value": filters.sort.replace("\0", "")[:40]}
        raise BadQuery(_("%(name)s: “%(value)s” is not valid.") % said)
    if filters.text and not filters.sort:
        return _searched(filters, staff, now, after, size)
    walk = plan(filters, staff, now)
    page = follow(walk, after, size)
    rows = rows_of(page.ids, staff)
    total, at_least = None, False
    if found is not None:
        whole = len(rows) if not (after or page.next) else page.size
        total, at_least = _size(filters, walk, found, whole)
    return Listing(rows, page.next, page.before, page.cut, total, at_least)


def _searched(filters: Filters, staff: Staff, now: datetime, after: str, size: int) -> Listing:
    """The next hits of a search, the best first; a filter thins out each page."""
    name, before, last = from_token(after, str, whole, whole) if after else (_SEARCH, 0, None)
    if name != _SEARCH or before is None or before < 0 or (after and last is None):
        raise BadQuery(
            _("“after”: this link belongs to a different sort order. Start again from the first page.")
        )
    hits = find(filters.text, staff, size, last)
    ids: Sequence[int] = hits
    if filters.values:
        fit = standings(staff).filter(member__in=hits).filter(*conditions(filters, now).values())
        fitting = set(fit.values_list("member_id", flat=True))
        ids = [member_id for member_id in hits if member_id in fitting]
    rows = rows_of(ids, staff)
    more = len(hits) >= size
    following = to_token(_SEARCH, before + len(rows), hits[-1]) if more else ""
    return Listing(
        rows, following, before, more and len(rows) < len(hits), None if more else before + len(rows)
    )


def plan(filters: Filters, staff: Staff, now: datetime) -> Walk:
    """How the list is read: by the book it is within, or by the index of its order."""
    sort = filters.sort or USUAL
    order, asked = ORDERS[sort], conditions(filters, now)
    stage = asked.pop("stage", None)
    manager = asked.pop("manager", Q())
    scope = standings(staff)
    within = not sees_everybody(staff) or filters.manager not in ("", NONE)
    if filters.text:
        search = matching(filters.text, staff, "member__")
        named = not any(part[0].endswith("contains") for part in search.children if isinstance(part, tuple))
        within = within or named
        asked["text"] = search
    if within:
        scope = scope.filter(manager) if manager else scope
        return Walk(
            sort,
            scope,
            beside=tuple(asked.values()),
            stage=filters.stage,
            bounded=_is_bounded(filters, order),
        )
    inside = {
        name: asked.pop(name)
        for name in list(asked)
        if name in FIELDS and FIELDS[name].column == order.column
    }
    warned = bool(filters.warning) and order.column == "aum"
    if warned:
        inside["warning"] = Q(warnings__gt=0)
        if filters.warning == ANY:
            asked.pop("warning")
    by_stage = order.model is Standing and order.column in {"aum", "since"} and not warned
    if stage and not by_stage:
        asked["stage"] = stage
    if manager:
        asked["manager"] = manager
    return Walk(
        sort, None, tuple(inside.values()), tuple(asked.values()),
        filters.stage if by_stage else "", warned, _is_bounded(filters, order),
    )  # fmt: skip


def _is_bounded(filters: Filters, order: Order) -> bool:
    return any(FIELDS[name].column == order.column for name in filters.values)


def _size(filters: Filters, walk: Walk, found: Counts, whole: int | None) -> tuple[int | None, bool]:
    """How many fit: as counted by stage, as is known of the first page, or, within a book, counted so far."""
    if filters.only_by_stage:
        fits = (
            count
            for (stage, sub), count in found.items()
            if filters.stage in ("", stage) and filters.sub_state in ("", sub)
        )
        return sum(fits), False
    if whole is not None:
        return whole, False
    if walk.scope is None:
        return None, False
    count = fitting(walk, walk.scope)[: COUNTED + 1].count()
    return min(count, COUNTED), count > COUNTED


def rows_of(ids: Sequence[int], staff: Staff) -> list[Row]:
    """The rows of these members, in this order; who is out of sight is passed over. One query."""
    seen, parameters = seen_by(staff)
    shows_ids = form_of("outside_id", staff) is Form.PLAIN
    rows = fetch_prepared(_ROWS.format(seen=seen), [shows_ids, *parameters, possible(ids)])
    found = {row[0]: _row(staff, *row) for row in rows}
    return [found[member_id] for member_id in ids if member_id in found]


def _row(
    staff: Staff,
    member_id: int,
    keeper: int | None,
    name: str,
    manager: str,
    outside_id: str | None,
    *shown: Any,
) -> Row:
    view = view_of(member_id, {"name": name}, staff, own=keeper == staff.pk)
    return Row(view, manager, outside_id or "", *shown)
