"""The list of members: what may be asked of it, and its rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Min, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.staff.models import Staff
from crm.web.answers import BadQuery
from crm.web.paging import SIZE, Order, Page, amount, instant, page_of
from members.lifecycle.bits import WARNINGS
from members.lifecycle.board import standings
from members.lifecycle.models import Stage, Standing, SubState, WarningKind
from members.profiles.masking import Form, MemberView, form_of, present
from members.profiles.models import Book, Identity
from members.profiles.search import LONGEST, find

# Uses indexes standing_by_aum, standing_by_since, member_by_registration
ORDERS: dict[str, Order] = {
    "aum": Order("aum", amount, key="member_id", nulls=False),
    "-aum": Order("aum", amount, descending=False, key="member_id", nulls=False),
    "since": Order("since", instant, key="member_id"),
    "registered": Order("member__registered_at", instant, key="member_id"),
}
ORDER_LABELS: dict[str, str | Promise] = {
    "aum": gettext_lazy("Assets, highest first"),
    "-aum": gettext_lazy("Assets, lowest first"),
    "since": gettext_lazy("Latest change of stage"),
    "registered": gettext_lazy("Latest registration"),
}
ANY_WARNING = "any"
SHOWN = (
    "stage",
    "sub_state",
    "warnings",
    "since",
    "aum",
    "last_login_at",
    "last_trade_at",
    "member__registered_at",
)


@dataclass(frozen=True)
class Filters:
    """What the reader asked for; an empty text means: all."""

    text: str = ""
    stage: str = ""
    sub_state: str = ""
    warning: str = ""
    sort: str = ""


@dataclass(frozen=True)
class Row:
    """One member of the list, as the reader may see them."""

    view: MemberView
    standing: Standing
    outside_id: str
    manager: str

    @property
    def last_activity(self) -> datetime | None:
        known = [at for at in (self.standing.last_login_at, self.standing.last_trade_at) if at]
        return max(known, default=None)


def _choice(parameters: QueryDict, name: str, known: Iterable[str]) -> str:
    value = parameters.get(name, "")
    if value and value not in known:
        raise BadQuery(_("“%(name)s” has no such value.") % {"name": name})
    return value


def read_filters(parameters: QueryDict) -> Filters:
    """The filters of an address. Raises BadQuery."""
    return Filters(
        text=parameters.get("q", "").replace("\0", "").strip()[:LONGEST],
        stage=_choice(parameters, "stage", Stage.values),
        sub_state=_choice(parameters, "sub_state", SubState.values),
        warning=_choice(parameters, "warning", [ANY_WARNING, *WarningKind.values]),
        sort=_choice(parameters, "sort", ORDERS),
    )


def list_members(filters: Filters, staff: Staff, after: str = "") -> Page:
    """One page of Row. A search without a sort order is one page, the best hits first.

    At most 4 queries beside those of the search, whatever the number of rows. Raises BadQuery.
    """
    rows = _narrow(standings(staff), filters).select_related("member").only(*SHOWN)
    if filters.text:
        hits = find(filters.text, staff, limit=SIZE)
        rows = rows.filter(member__in=hits)
        if not filters.sort:
            place = {member_id: number for number, member_id in enumerate(hits)}
            found = sorted(rows, key=lambda standing: place[standing.member_id])
            return Page(_shown(found, staff), "", first=True)
    page = page_of(rows, ORDERS[filters.sort or "aum"], after)
    return Page(_shown(page.rows, staff), page.next, page.first)


def _narrow(rows: QuerySet[Standing], filters: Filters) -> QuerySet[Standing]:
    if filters.stage:
        rows = rows.filter(stage=filters.stage)
    if filters.sub_state:
        rows = rows.filter(sub_state=filters.sub_state)
    if filters.warning:
        rows = rows.filter(warnings__gt=0)  # what the partial index holds
    if filters.warning in WarningKind.values:
        bit = next(bit for bit, name in WARNINGS.items() if name == filters.warning)
        rows = rows.annotate(raised=F("warnings").bitand(bit)).filter(raised__gt=0)
    return rows


def _shown(found: Sequence[Standing], staff: Staff) -> list[Row]:
    ids = [standing.member_id for standing in found]
    views = {view.id: view for view in present(ids, staff=staff, fields=("name",))}
    outside, managers = outside_ids(ids, staff), manager_names(ids)
    return [
        Row(
            views[standing.member_id],
            standing,
            outside.get(standing.member_id, ""),
            managers.get(standing.member_id, ""),
        )
        for standing in found
        if standing.member_id in views
    ]


def outside_ids(member_ids: Sequence[int], staff: Staff) -> dict[int, str]:
    """The id the platform itself has for each member, for those who may see it."""
    if form_of("outside_id", staff) is not Form.PLAIN:
        return {}
    rows = Identity.objects.filter(member__in=member_ids, kind="member").values_list("member_id")
    return dict(rows.annotate(Min("value")))


def manager_names(member_ids: Sequence[int]) -> dict[int, str]:
    """The relationship manager of each member who has one."""
    rows = Book.objects.filter(member__in=member_ids, ended_at=None)
    return dict(rows.values_list("member_id", "staff__display_name"))
