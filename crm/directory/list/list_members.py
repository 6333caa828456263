"""One page of the list of members: the four steps from the query string to the rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from crm.directory.list.plan import plan
from crm.directory.list.request.parse import ListRequest, parse
from crm.directory.list.rows import Row, rows_of
from crm.directory.list.scan import scan
from crm.directory.list.totals import MEMBERS, Total, Totals, totals_of
from crm.staff.models import Staff
from crm.web.lists.paging import SIZE
from members.lifecycle.models import Stage


@dataclass(frozen=True)
class MemberPage:
    """One page of the list, and the request it answers.

    `next` is the token of the next page, empty on the last; `before` the number of rows on earlier pages;
    `cut`: the scan ended before the page was full, after so many members; more may follow. `totals` are those
    of all that match, where asked for and known.
    """

    request: ListRequest
    rows: Sequence[Row]
    next: str
    before: int
    cut: int
    totals: Totals | None = None

    @property
    def is_whole(self) -> bool:
        """Whether these rows are all that match."""
        return self.request.position is None and not self.next

    @property
    def total(self) -> Total | None:
        """Members that match and their assets; None where nothing tells more than a bound."""
        if self.is_whole:
            return Total(len(self.rows), sum((row.aum for row in self.rows if row.aum), start=Decimal(0)))
        if self.totals is None or self.totals.below is not None:
            return None
        filters = self.request.filters
        return self.totals.of(filters.get("stage", ""), filters.get("sub_state", ""))

    @property
    def leads(self) -> int:
        """Those of `total` who are not registered."""
        if self.is_whole:
            return sum(row.stage == Stage.ACQUISITION for row in self.rows)
        if self.totals is None or self.request.filters.get("stage") not in (None, Stage.ACQUISITION):
            return 0
        return self.totals.of(Stage.ACQUISITION, self.request.filters.get("sub_state", "")).members

    @property
    def estimated(self) -> frozenset[str]:
        """Which parts of the total are estimates."""
        return frozenset() if self.is_whole or self.totals is None else self.totals.estimated

    @property
    def size(self) -> int | None:
        """How many match, where that is known exactly."""
        total = self.total
        return None if total is None or MEMBERS in self.estimated else total.members


def list_members(
    parameters: Mapping[str, str],
    staff: Staff,
    now: datetime,
    *,
    columns: Iterable[str] = (),
    counted: bool = False,
    size: int | None = None,
) -> MemberPage:
    """The page that a query string asks for, of SIZE rows where no `size` is given. Raises BadQuery.

    `columns` are shown where the query string names none. At most five queries, whatever the number of
    members and of columns; for a search up to five more, and if `counted` up to four for the totals.
    """
    request = parse(parameters, staff, columns)
    planned = plan(request, staff, now)
    scanned = scan(planned, request.position, size or SIZE)
    rows = rows_of(scanned.ids, staff, request.columns, now)
    totals = totals_of(request, planned, staff, now) if counted else None
    before = request.position.rows_before if request.position else 0
    return MemberPage(request, rows, scanned.next, before, scanned.cut, totals)


def matching_ids(parameters: Mapping[str, str], staff: Staff, now: datetime, most: int) -> list[int] | None:
    """The ids of all members that a query string asks for; None where there may be more than `most`.

    At most six queries. Raises BadQuery.
    """
    request = parse({**parameters, "after": ""}, staff)
    scanned = scan(plan(request, staff, now), None, most)
    return None if scanned.next else list(scanned.ids)
