"""One page of the list of members: the four steps from the query string to the rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from crm.directory.list.parse import ListRequest, parse
from crm.directory.list.plan import Plan, ScopePlan, SearchPlan, plan
from crm.directory.list.rows import Row, rows_of
from crm.directory.list.scan import Scanned, scan
from crm.staff.models import Staff
from crm.web.lists.paging import SIZE
from members.lifecycle.counts.stage_counts import Counts, count_by_stage

COUNTED = 1_000  # members of a scope counted at most


@dataclass(frozen=True)
class MemberPage:
    """One page of the list, and the request it answers.

    `next` is the token of the next page, empty on the last; `before` the number of rows on earlier pages;
    `cut`: the scan ended before the page was full, more may follow. `size` is how many match in all where
    that is known, `at_least`: there are more than `size`. `stage_counts` are the reader's members by stage,
    where asked for.
    """

    request: ListRequest
    rows: Sequence[Row]
    next: str
    before: int
    cut: bool
    size: int | None = None
    at_least: bool = False
    stage_counts: Counts = field(default_factory=dict)


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
    members; for a search up to five more, and if `counted`, one for the counts by stage.
    """
    request = parse(parameters, staff, columns)
    planned = plan(request, staff, now)
    scanned = scan(planned, request.position, size or SIZE)
    rows = rows_of(scanned.ids, staff)
    stage_counts = count_by_stage(staff) if counted else {}
    total, at_least = None, False
    if counted or isinstance(planned, SearchPlan):
        total, at_least = _size(request, planned, scanned, len(rows), stage_counts)
    before = request.position.rows_before if request.position else 0
    return MemberPage(request, rows, scanned.next, before, scanned.cut, total, at_least, stage_counts)


def _size(
    request: ListRequest, planned: Plan, scanned: Scanned, rows: int, stage_counts: Counts
) -> tuple[int | None, bool]:
    """How many match in all, None where nothing tells; and whether there are more than that."""
    if isinstance(planned, SearchPlan):
        before = request.position.rows_before if request.position else 0
        return (None if scanned.next else before + rows), False
    if planned.by_stage_only:
        stage, sub_state = (request.filters.get(name, "") for name in ("stage", "sub_state"))
        matching = (
            count
            for (of_stage, of_sub_state), count in stage_counts.items()
            if stage in ("", of_stage) and sub_state in ("", of_sub_state)
        )
        return sum(matching), False
    if request.position is None and not scanned.next:
        return rows, False
    if scanned.total is not None:
        return scanned.total, False
    if isinstance(planned, ScopePlan):
        count = planned.matching[: COUNTED + 1].count()
        return min(count, COUNTED), count > COUNTED
    return None, False


def matching_ids(parameters: Mapping[str, str], staff: Staff, now: datetime, most: int) -> list[int] | None:
    """The ids of all members that a query string asks for; None where there may be more than `most`.

    At most six queries. Raises BadQuery.
    """
    request = parse({**parameters, "after": ""}, staff)
    scanned = scan(plan(request, staff, now), None, most)
    return None if scanned.next else list(scanned.ids)
